package io.zonecast.ingest.source;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows of UPS's chart of one origin, saved as CSV: title lines, a header {@code Dest. ZIP,
 * Ground, 3 Day Select, …}, then a zone for each service to a destination, or to a range of them.
 * {@code -} is no service and no row. {@code [1]} refers to a {@link ChartFootnote}, whose
 * destinations get rows of their own; the rest of the line's destination has the zone before the
 * mark, or no row. A service is part of the carrier's name: {@code ups.2nd-day-air-a-m}.
 */
final class UpsChart implements RowSource {
  private static final String CARRIER = "ups";
  private static final String NO_SERVICE = "-";
  private static final int MOST_SERVICES = 32;
  private static final int CODE_DIGITS = 5;
  private static final String DEST_ZIP = "dest(?:\\.|ination)? ?zip(?: ?codes?|s)?";
  private static final Pattern FIRST_COLUMN = ignoringCase(DEST_ZIP);

  /** Does not match the header of a table of rows, which has a column for origin or zone. */
  private static final Pattern HEADER =
      ignoringCase("(?m)^ *\"?" + DEST_ZIP + "\"?[,;\t|](?!.*\\b(?:origin|zone)\\b).*");

  private static final Pattern TITLE =
      ignoringCase("originating in ZIP Codes? (\\d{3})-?(\\d{2}) to (\\d{3})-?(\\d{2})");
  private static final Pattern DESTINATION = Pattern.compile("(\\d{1,5})(?:-{1,3}(\\d{1,5}))?");
  private static final Pattern CELL = Pattern.compile("([^\\[\\]]*?) *(?:\\[(\\d{1,3})])?");
  private static final Pattern NOTE = Pattern.compile("(?s)\\[(\\d{1,3})][ ,.:]*(.*)");

  /** A line of the chart; it is not whole if it has more fields than are kept. */
  private record Line(long number, List<String> cells, boolean isWhole) {}

  /**
   * A column of the chart.
   *
   * @param digits how many the longest of its zones has
   */
  private record Service(int column, String title, String name, String carrier, int digits) {}

  private final ZoneFile file;
  private final RowChecks checks;
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, ChartFootnote> footnotes = new LinkedHashMap<>();

  /** The codes of footnotes that cells have referred to, each behind its mark. */
  private final Set<String> referred = new HashSet<>();

  /** The rows of lines that have been read. */
  private final Queue<Consumer<RowChunk>> rows = new ArrayDeque<>();

  private int nextLine;

  UpsChart(FileReading reading) throws IOException {
    file = reading.file();
    checks = reading.checks();
    CsvColumns.requireCarrier(file.path(), file.options());
    byte[] text = reading.whole();
    Matcher header = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
    byte[] columns =
        header.find() ? header.group().getBytes(StandardCharsets.ISO_8859_1) : new byte[0];
    char separator = CsvSeparator.of(columns, file.options().csv()).character();
    CsvInput csv = new CsvInput(file.path(), new ByteArrayInputStream(text), separator);
    for (CsvRow row = csv.next(); row != null; row = csv.next()) {
      if (!row.isBlank()) {
        lines.add(new Line(row.line(), row.texts(), row.fields() == row.kept()));
      }
    }
    readHeader();
    lines.removeIf(this::isFootnote);
  }

  /** The text above the header; empty if a file that begins so is no chart. */
  static Optional<String> title(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    Matcher header = HEADER.matcher(text);
    return header.find() ? Optional.of(text.substring(0, header.start())) : Optional.empty();
  }

  /**
   * The origin of a chart: the one that its title names, or the one told.
   *
   * @throws FileSettingsException if there is none or more than one, or they contradict each other
   */
  static String origin(Path file, byte[] head, Optional<String> told) throws FileSettingsException {
    Matcher title = TITLE.matcher(title(head).orElse(""));
    boolean isThere = title.find();
    String first = isThere ? title.group(1) : "000";
    String last = isThere ? title.group(3) : "999";
    if (told.isPresent()) {
      if (told.get().compareTo(first) < 0 || told.get().compareTo(last) > 0) {
        throw new FileSettingsException(
            file, "--origin " + told.get() + " contradicts its title, \"" + title.group() + '"');
      }
      return told.get();
    }
    if (!first.equals(last) || title.group(2).compareTo("01") > 0 || !title.group(4).equals("99")) {
      throw new FileSettingsException(
          file,
          (isThere
                  ? "its title is not of one whole origin: \"" + title.group() + '"'
                  : "no title says \"originating in ZIP Codes 981-00 to 981-99\"")
              + "; set --origin, as --origin 981");
    }
    return first;
  }

  /** The name of a service as it is part of a carrier's: {@code 2nd-day-air-a-m}. */
  static String service(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  @Override
  public void fill(RowChunk into) {
    while (!into.isFull()) {
      if (!rows.isEmpty()) {
        rows.remove().accept(into);
      } else if (nextLine < lines.size()) {
        read(lines.get(nextLine++));
      } else if (!hasUnreferredCodes()) {
        return;
      }
    }
  }

  private void readHeader() throws FileSettingsException {
    int at = 0;
    while (at < lines.size() && !FIRST_COLUMN.matcher(lines.get(at).cells().get(0)).matches()) {
      at++;
    }
    if (at == lines.size()) {
      throw new FileSettingsException(
          file.path(), "no line begins with Dest. ZIP, as the header of a chart does");
    }
    List<String> titles = lines.get(at).cells();
    lines.subList(0, at + 1).clear();
    for (int column = 1; column < titles.size(); column++) {
      String title = titles.get(column);
      if (title.isEmpty()) {
        continue;
      }
      String name = service(title);
      String carrier = file.options().carrier().orElse(CARRIER) + '.' + name;
      Service service = new Service(column, title, name, carrier, digits(column));
      if (name.isEmpty()
          || title.indexOf('[') >= 0
          || carrier.length() > ZoneKey.MAX_PART_LENGTH
          || services.size() == MOST_SERVICES
          || services.put(name, service) != null) {
        throw new FileSettingsException(
            file.path(),
            String.format(
                Locale.ROOT,
                "column %d of the header, %s, cannot be a service: a chart has at most %d, each"
                    + " with a name of its own that has no footnote and at most %d characters"
                    + " behind the carrier's",
                column + 1,
                ZoneText.quote(title),
                MOST_SERVICES,
                ZoneKey.MAX_PART_LENGTH - carrier.length() + name.length()));
      }
    }
  }

  private int digits(int column) {
    return lines.stream()
        .filter(line -> DESTINATION.matcher(line.cells().get(0)).matches())
        .filter(line -> column < line.cells().size())
        .map(line -> line.cells().get(column))
        .filter(cell -> cell.matches("\\d{1,3}"))
        .mapToInt(String::length)
        .max()
        .orElse(1);
  }

  /** Takes the footnotes out of the lines; a second one of the same mark stays, as a bad row. */
  private boolean isFootnote(Line line) {
    String text =
        line.cells().stream().filter(cell -> !cell.isEmpty()).collect(Collectors.joining(", "));
    Matcher note = NOTE.matcher(text);
    return note.matches()
        && line.isWhole()
        && footnotes.putIfAbsent(
                note.group(1), ChartFootnote.of(line.number(), note.group(2), services.keySet()))
            == null;
  }

  private void read(Line line) {
    String place = line.cells().get(0);
    Matcher destination = DESTINATION.matcher(place);
    if (!destination.matches()) {
      String reason = DoubtfulText.ofPrefix(place);
      reject(
          line.number(),
          place,
          reason == null ? "is neither a destination nor a footnote, as [1], of its own" : reason);
    } else if (!fits(line)) {
      reject(
          line.number(),
          place,
          "has " + line.cells().size() + " fields, not one below each service of the header");
    } else {
      services.values().forEach(service -> read(line, destination, service));
    }
  }

  /** Whether the line has a field for each service, and nothing in any other. */
  private boolean fits(Line line) {
    Set<Integer> columns =
        services.values().stream().map(Service::column).collect(Collectors.toSet());
    return line.isWhole()
        && columns.stream().allMatch(column -> column < line.cells().size())
        && IntStream.range(1, line.cells().size())
            .allMatch(column -> columns.contains(column) || line.cells().get(column).isEmpty());
  }

  private void read(Line line, Matcher destination, Service service) {
    Matcher cell = CELL.matcher(line.cells().get(service.column()));
    if (!cell.matches()) {
      reject(line, service, "is neither a zone nor - (no service) nor a footnote's mark, as [1]");
      return;
    }
    String zone = cell.group(1);
    String mark = cell.group(2);
    if (!zone.equals(NO_SERVICE) && (mark == null || !zone.isEmpty())) {
      rows.add(into -> accept(line, service, destination.group(), zone, into));
    }
    ChartFootnote note = footnotes.get(mark);
    if (mark == null) {
      return;
    }
    if (note == null) {
      reject(line, service, "refers to a footnote that the chart does not have");
      return;
    }
    boolean understood = !note.zones().isEmpty();
    List<String> codes =
        note.codes().stream().filter(code -> !understood || isIn(code, destination)).toList();
    codes.forEach(code -> referred.add(mark + ' ' + code));
    if (!understood || codes.isEmpty()) {
      reject(
          line,
          service,
          String.format(
              Locale.ROOT,
              "refers to line %d, %s, which %s; write it as [%s] 96701, 96706: zone 44 for %s, or"
                  + " give its destinations lines of their own and write - here",
              note.line(),
              ZoneText.quote(note.text()),
              understood ? "has no code in " + destination.group() : "cannot be understood",
              mark,
              ZoneText.quote(service.title())));
    } else if (note.zones().containsKey(service.name())) {
      String given = note.zones().get(service.name());
      String padded = "0".repeat(Math.max(0, service.digits() - given.length())) + given;
      codes.forEach(code -> rows.add(into -> accept(line, service, code, padded, into)));
    }
  }

  /** Whether a five-digit code, or a range of them, is in the destination of a line. */
  private static boolean isIn(String code, Matcher destination) {
    String first = destination.group(1);
    String last = destination.group(2) == null ? first : destination.group(2);
    String end = code.substring(code.length() - CODE_DIGITS);
    return code.substring(0, first.length()).compareTo(first) >= 0
        && end.substring(0, last.length()).compareTo(last) <= 0;
  }

  /** Rejects the footnotes with codes to which no cell has referred, and says whether any has. */
  private boolean hasUnreferredCodes() {
    footnotes.forEach(
        (mark, note) -> {
          if (note.codes().stream().anyMatch(code -> !referred.contains(mark + ' ' + code))) {
            reject(
                note.line(),
                note.text(),
                "has a code for whose destination no cell refers to [" + mark + "]");
          }
        });
    footnotes.clear();
    return !rows.isEmpty();
  }

  private void accept(Line line, Service service, String destination, String zone, RowChunk into) {
    begin(line, service);
    checks.row().field(Column.ORIGIN).set(file.origin().orElseThrow());
    checks.row().field(Column.DESTINATION).set(destination);
    checks.row().field(Column.ZONE).set(zone);
    checks.accept(into);
  }

  private void reject(Line line, Service service, String reason) {
    String title = ZoneText.quote(service.title());
    String cell = ZoneText.quote(line.cells().get(service.column()));
    rows.add(
        into -> {
          begin(line, service);
          checks.reject(new RowProblem(line.number(), title, cell, reason), into);
        });
  }

  private void begin(Line line, Service service) {
    checks.row().line(line.number());
    checks.row().zoneColumn(ZoneText.quote(service.title()));
    checks.row().field(Column.CARRIER).set(service.carrier());
  }

  /** Rejects a line of which no cell can be believed. */
  private void reject(long line, String text, String reason) {
    rows.add(
        into -> {
          checks.row().line(line);
          checks.row().field(Column.CARRIER).setNull();
          checks.reject(new RowProblem(line, "Dest. ZIP", ZoneText.quote(text), reason), into);
        });
  }

  private static Pattern ignoringCase(String pattern) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
  }
}
