package io.zonecast.ingest.source;

import io.zonecast.schemas.ZoneText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * A CSV file's rows. {@link CsvInput} finds the fields and this class gives them their meaning,
 * from the parser's own buffer, so that no string is made for a good row.
 */
final class CsvZones implements RowSource {
  private final ZoneFile file;
  private final CsvInput rows;
  private final CsvColumns columns;
  private final RowChecks checks;

  /** The columns that the file has, and the field of each. */
  private final Column[] present;

  private final int[] fields;

  CsvZones(FileReading reading) throws IOException {
    file = reading.file();
    CsvColumns.requireCarrier(file.path(), file.options());
    CsvSeparator separator = CsvSeparator.of(reading.head(), file.options().csv());
    rows = new CsvInput(file.path(), reading.text(), separator.character());
    columns = header(separator.hasLine());
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
  public void fill(RowChunk into) throws IOException {
    while (!into.isFull()) {
      CsvRow next = rows.next();
      if (next == null) {
        return;
      }
      accept(next, into);
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
      if (file.options().carrier().isEmpty()) {
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

  private CsvColumns header(boolean afterSeparatorLine) throws IOException {
    if (afterSeparatorLine) {
      rows.next();
    }
    CsvRow header = rows.next();
    // No header, no rows: an empty file is for a guard to judge, not for the parser.
    return header == null
        ? new CsvColumns(0, Map.of())
        : CsvColumns.of(file.path(), header.texts(), file.options());
  }
}
