package io.zonecast.ingest.publish;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Writes changes as CSV, a line each: the change (added, changed, removed), the pair, the zone and
 * flags before and after, empty where there is no row.
 */
public final class ChangesCsv implements ChangeListing, Closeable {
  private final CsvWriter csv;

  /**
   * Writes the header.
   *
   * @param out closed with this
   */
  public ChangesCsv(Writer out) {
    csv = CsvWriter.builder().build(out);
    csv.writeRecord(
        "change",
        "carrier",
        "origin",
        "destination",
        "zone_before",
        "flags_before",
        "zone_after",
        "flags_after");
  }

  @Override
  public void add(Change change) {
    String[] key = change.key().split(":", -1);
    csv.writeRecord(
        change.kind().name().toLowerCase(Locale.ROOT),
        key[0],
        key[1],
        key[2],
        change.before().map(Change.Value::zone).orElse(""),
        change.before().map(Change.Value::flags).orElse(""),
        change.after().map(Change.Value::zone).orElse(""),
        change.after().map(Change.Value::flags).orElse(""));
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
