package io.zonecast.ingest.source;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.zonecast.schemas.ZoneText;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A CSV file's rows. FastCSV finds the fields and this class gives them their meaning, from the
 * parser's own buffer, so that no string is made for a good row.
 *
 * <p>The parser is fed with Latin-1, whatever the text is: it makes each byte one character, so
 * that the bytes can be had back exactly. What CSV gives a meaning to is ASCII, and no byte of a
 * longer UTF-8 sequence is.
 */
final class CsvZones implements RowReader {
  /** A field longer than this is no table's: a quote is missing, or it is no text at all. */
  private static final int MAX_FIELD_CHARACTERS = 1 << 20;

  private static final int[] BOM = {0xEF, 0xBB, 0xBF};

  private static final int HEAD_BYTES = 1 << 13;

  private final FileReading reading;
  private final CsvRow row;
  private final Iterator<CsvRow> rows;
  private final CsvColumns columns;
  private final RowChecks checks;

  /** The columns that the file has, and the field of each. */
  private final Column[] present;

  private final int[] fields;
  private long nextOrdinal;

  CsvZones(FileReading reading) throws IOException {
    this.reading = reading;
    ZoneFile file = reading.file();
    CsvColumns.requireCarrier(file.path(), file.options());
    row = new CsvRow();
    PushbackInputStream text = new PushbackInputStream(reading.text(), HEAD_BYTES);
    skipBom(text);
    byte[] head = text.readNBytes(HEAD_BYTES);
    text.unread(head);
    CsvSeparator separator = CsvSeparator.of(head, file.options().csv());
    rows =
        CsvReader.builder()
            .fieldSeparator(separator.character())
            .commentStrategy(CommentStrategy.NONE)
            .skipEmptyLines(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(MAX_FIELD_CHARACTERS)
            .build(row, new InputStreamReader(text, StandardCharsets.ISO_8859_1))
            .iterator();
    columns = header(file, separator.hasLine());
    checks = reading.checks();
    present = columns.fields().keySet().toArray(new Column[0]);
    fields = columns.fields().values().stream().mapToInt(Integer::intValue).toArray();
    file.options().carrier().ifPresent(checks.row().field(Column.CARRIER)::set);
  }

  /** Whether the first line may be a header of ours, perhaps with a mistake that we can name. */
  static boolean looksLikeOne(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String firstLine = text.lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
    return firstLine.startsWith("sep=")
        || firstLine.contains("origin")
        || firstLine.contains("dest")
        || firstLine.contains("zone");
  }

  @Override
  public boolean read(RowChunk into) throws ZoneFileException {
    into.clear(nextOrdinal);
    try {
      checks.addExpanded(into);
      while (!into.isFull() && rows.hasNext()) {
        accept(rows.next(), into);
      }
      nextOrdinal += into.size();
      if (into.size() > 0) {
        return true;
      }
      reading.finish();
      return false;
    } catch (UncheckedIOException e) {
      throw reading.failed(causeOf(e));
    } catch (CsvParseException e) {
      throw unparseable(e);
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  private void accept(CsvRow next, RowChunk into) {
    if (next.isBlank()) {
      return;
    }
    RawRow raw = checks.row();
    raw.line(next.line());
    if (!isComplete(next)) {
      // A separator too many or too few shifts the fields: none can be believed, not the key's.
      if (reading.file().options().carrier().isEmpty()) {
        raw.field(Column.CARRIER).setNull();
      }
      checks.reject(wrongCount(next), into);
      return;
    }
    byte[] bytes = next.bytes();
    for (int i = 0; i < fields.length; i++) {
      raw.field(present[i]).set(bytes, next.offset(fields[i]), next.length(fields[i]));
    }
    checks.accept(into);
  }

  /** Whether the row has a field for each column, and nothing in any beyond. */
  private boolean isComplete(CsvRow next) {
    if (next.fields() != next.kept() || next.kept() < columns.count()) {
      return false;
    }
    for (int field = columns.count(); field < next.kept(); field++) {
      if (next.length(field) > 0) {
        return false;
      }
    }
    return true;
  }

  private RowProblem wrongCount(CsvRow next) {
    int last = next.kept() - 1;
    String which =
        next.kept() == next.fields()
            ? "the last of the row"
            : String.format(
                Locale.ROOT,
                "the last that is looked at of %,d, since a row has at most %,d fields and %d MB",
                next.fields(),
                CsvRow.MOST_FIELDS,
                CsvRow.MOST_BYTES >> 20);
    return new RowProblem(
        next.line(),
        Integer.toString(next.kept()),
        ZoneText.quote(next.bytes(), next.offset(last), next.length(last)),
        "is field %d, %s; the header has %d columns"
            .formatted(next.kept(), which, columns.count()));
  }

  private CsvColumns header(ZoneFile file, boolean afterSeparatorLine) throws IOException {
    try {
      if (afterSeparatorLine && rows.hasNext()) {
        rows.next();
      }
      if (!rows.hasNext()) {
        // No header, no rows: an empty file is for a guard to judge, not for the parser.
        return new CsvColumns(0, Map.of());
      }
      return CsvColumns.of(file.path(), rows.next().texts(), file.options());
    } catch (UncheckedIOException e) {
      throw causeOf(e);
    } catch (CsvParseException e) {
      throw unparseable(e);
    }
  }

  private ZoneFileException unparseable(CsvParseException e) {
    return new ZoneFileException(
        reading.file().path(),
        "cannot be read as csv from line "
            + row.line()
            + " on: a quote is missing or is too much there, or a field has no end",
        e);
  }

  private static IOException causeOf(UncheckedIOException e) {
    IOException cause = e.getCause();
    return cause == null ? new IOException(e) : cause;
  }

  private static void skipBom(PushbackInputStream text) throws IOException {
    byte[] start = text.readNBytes(BOM.length);
    boolean bom = start.length == BOM.length;
    for (int i = 0; bom && i < BOM.length; i++) {
      bom = (start[i] & 0xFF) == BOM[i];
    }
    if (!bom) {
      text.unread(start);
    }
  }

  @Override
  public List<String> checksums() {
    return List.of(reading.checksum());
  }

  @Override
  public List<RowProblem> problems() {
    return reading.problems().kept();
  }

  @Override
  public long expandedLines() {
    return reading.checks().expandedLines();
  }

  @Override
  public long expandedRows() {
    return reading.checks().expandedRows();
  }

  @Override
  public void close() {
    reading.close();
  }

  @Override
  public String toString() {
    return "CsvZones(" + reading.file().path() + ")";
  }
}
