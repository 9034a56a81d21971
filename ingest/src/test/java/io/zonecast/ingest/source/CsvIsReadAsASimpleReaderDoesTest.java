package io.zonecast.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is read from any CSV is what a second reader reads, which is simple and slow. */
class CsvIsReadAsASimpleReaderDoesTest {
  private static final String[] COLUMNS = {"carrier", "origin", "destination", "zone", "flags"};

  @Property(tries = 1000)
  void rowsAreThoseOfTheSimpleReader(@ForAll("csv") String csv) throws IOException {
    Path path = Files.createTempFile("zonecast-csv", ".csv");
    try {
      Files.writeString(path, csv);
      assertThat(ReadRows.of(ZoneFile.open(path, FileOptions.NONE)).rows()).isEqualTo(simple(csv));
    } finally {
      Files.delete(path);
    }
  }

  /** A text with one of the separators and ends of lines, and fields quoted or not. */
  @Provide
  Arbitrary<String> csv() {
    Arbitrary<String> code =
        Arbitraries.of("005", "90210", "K1A", "k1a", "004-006", "00400-00599", "7---9", "12-3");
    Arbitrary<String> odd =
        Arbitraries.of(
            "", " ", "\t", "é", "NaN", "x y", "a\"b", "a\nb", "a;b,c", "-", "=\"\"", "°");
    Arbitrary<String> long32 = Arbitraries.of("z".repeat(32), "z".repeat(33));
    Arbitrary<List<String>> row =
        Combinators.combine(
                mostly(Arbitraries.of("usps", "ups.ground", "dhl"), Arbitraries.of("USPS"), odd),
                mostly(code, long32, odd),
                mostly(code, long32, odd),
                mostly(Arbitraries.of("4", "A", "[1]", "4.0", "!~"), long32, odd),
                mostly(Arbitraries.of("", "*", "e"), long32, odd),
                Arbitraries.frequency(
                    Tuple.of(20, 0), Tuple.of(1, -1), Tuple.of(1, 1), Tuple.of(1, 2)))
            .as(
                (carrier, origin, destination, zone, flags, more) -> {
                  List<String> fields =
                      new ArrayList<>(List.of(carrier, origin, destination, zone, flags));
                  return more < 0
                      ? fields.subList(0, 4)
                      : Stream.concat(fields.stream(), Stream.of("", "x").limit(more)).toList();
                });
    Arbitrary<List<String>> blank = Arbitraries.of(List.of(""), List.of("", "", "", "", ""));
    return Combinators.combine(
            Arbitraries.frequencyOf(Tuple.of(9, row), Tuple.of(1, blank)).list().ofMaxSize(12),
            Arbitraries.of(",", ";", "\t", "|"),
            Arbitraries.of("\n", "\r\n"),
            Arbitraries.integers().between(0, 3).list().ofSize(8))
        .as(CsvIsReadAsASimpleReaderDoesTest::text);
  }

  private static Arbitrary<String> mostly(
      Arbitrary<String> good, Arbitrary<String> other, Arbitrary<String> odd) {
    return Arbitraries.frequencyOf(Tuple.of(20, good), Tuple.of(1, other), Tuple.of(1, odd));
  }

  private static String text(
      List<List<String>> rows, String separator, String end, List<Integer> styles) {
    StringBuilder text = new StringBuilder(String.join(separator, COLUMNS)).append(end);
    int n = 0;
    for (List<String> row : rows) {
      List<String> fields = new ArrayList<>();
      for (String field : row) {
        int style = styles.get(n++ % styles.size());
        boolean special = field.matches("(?s).*[\"\n,;\t|].*");
        String quoted = '"' + field.replace("\"", "\"\"") + '"';
        fields.add(
            switch (style) {
              case 0 -> special ? quoted : " " + field + "  ";
              case 1 -> special ? quoted : "\"=\"\"" + field + "\"\"\"";
              case 2 -> quoted;
              default -> special ? quoted : field;
            });
      }
      text.append(String.join(separator, fields)).append(end);
    }
    return text.toString();
  }

  private static List<String> simple(String csv) {
    char separator = csv.charAt("carrier".length());
    List<String> rows = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    long line = 1;
    long start = 1;
    for (char c : csv.replace("\r\n", "\n").toCharArray()) {
      line += c == '\n' ? 1 : 0;
      if (c == '"') {
        // Two quotes in quotes end them and begin them again.
        quoted = !quoted;
        field.append(c);
      } else if (quoted || (c != separator && c != '\n')) {
        field.append(c);
      } else {
        fields.add(unquoted(field.toString()));
        field.setLength(0);
        if (c == '\n') {
          if (start > 1) {
            rows.addAll(meaning(start, fields));
          }
          fields.clear();
          start = line;
        }
      }
    }
    return rows;
  }

  private static String unquoted(String field) {
    String text =
        field.startsWith("\"")
            ? field.substring(1, field.length() - 1).replace("\"\"", "\"")
            : field;
    return (text.matches("=\".*\"") ? text.substring(2, text.length() - 1) : text)
        .replaceAll("^[ \t]+|[ \t]+$", "");
  }

  private static List<String> meaning(long line, List<String> fields) {
    if (fields.stream().allMatch(String::isEmpty)) {
      return List.of();
    }
    int columns = COLUMNS.length;
    if (fields.size() < columns
        || !fields.subList(columns, fields.size()).stream().allMatch(String::isEmpty)
        || !fields.get(0).matches("[a-z0-9._-]{1,32}")) {
      return List.of(line + " REJECTED");
    }
    List<String> origins = codes(fields.get(1));
    List<String> destinations = codes(fields.get(2));
    String rejected = line + " REJECTED " + fields.get(0);
    if (origins.isEmpty() || destinations.isEmpty()) {
      return List.of(rejected);
    }
    String flags = fields.get(4);
    if (!fields.get(3).matches("[!-~]{1,32}") || !flags.matches("[!-~]{0,32}")) {
      boolean one = origins.contains(fields.get(1)) && destinations.contains(fields.get(2));
      return List.of(one ? rejected + ':' + fields.get(1) + ':' + fields.get(2) : rejected);
    }
    String value = ' ' + fields.get(3) + (flags.isEmpty() ? "" : " " + flags);
    return origins.stream()
        .flatMap(from -> destinations.stream().map(to -> from + ':' + to))
        .map(pair -> line + " UPSERT " + fields.get(0) + ':' + pair + value)
        .collect(Collectors.toList());
  }

  /** The codes that a field stands for; none if it is bad. */
  private static List<String> codes(String field) {
    if (!field.matches("\\d+-+\\d+")) {
      return field.matches("[A-Za-z0-9._-]{1,32}") ? List.of(field) : List.of();
    }
    String first = field.replaceAll("-.*", "");
    String last = field.replaceAll(".*-", "");
    boolean hundreds = first.matches("\\d{3}00") && last.matches("\\d{3}99");
    int digits = hundreds ? 3 : first.length();
    if (first.length() != last.length() || first.compareTo(last) > 0) {
      return List.of();
    }
    return LongStream.rangeClosed(
            Long.parseLong(first.substring(0, digits)), Long.parseLong(last.substring(0, digits)))
        .mapToObj(code -> String.format(Locale.ROOT, "%0" + digits + "d", code))
        .toList();
  }
}
