package io.zonecast.ingest.source;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  private final FileReading reading;
  private final CsvRow row;
  private final Iterator<CsvRow> rows;
  private final CsvRowChecks checks;
  private long nextOrdinal;

  CsvZones(FileReading reading) throws IOException {
    this.reading = reading;
    ZoneFile file = reading.file();
    CsvColumns.requireCarrier(file.path(), file.options());
    row = new CsvRow();
    PushbackInputStream text = new PushbackInputStream(reading.text(), BOM.length);
    skipBom(text);
    rows =
        CsvReader.builder()
            .commentStrategy(CommentStrategy.NONE)
            .skipEmptyLines(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(MAX_FIELD_CHARACTERS)
            .build(row, new InputStreamReader(text, StandardCharsets.ISO_8859_1))
            .iterator();
    checks = new CsvRowChecks(header(file), reading.problems());
  }

  /** Whether the first line may be a header of ours, perhaps with a mistake that we can name. */
  static boolean looksLikeOne(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String firstLine = text.lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
    return firstLine.contains("origin") || firstLine.contains("dest") || firstLine.contains("zone");
  }

  @Override
  public boolean read(RowChunk into) throws ZoneFileException {
    into.clear(nextOrdinal);
    try {
      while (!into.isFull() && rows.hasNext()) {
        checks.accept(rows.next(), into);
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

  private CsvColumns header(ZoneFile file) throws IOException {
    try {
      if (!rows.hasNext()) {
        // No header, no rows: an empty file is for a guard to judge, not for the parser.
        return CsvColumns.of(
            file.path(),
            file.options().delta()
                ? List.of("op", "carrier", "origin", "destination", "zone")
                : List.of("carrier", "origin", "destination", "zone"),
            new FileOptions(file.options().format(), Optional.empty(), file.options().delta()));
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
  public String checksum() {
    return reading.checksum();
  }

  @Override
  public List<RowProblem> problems() {
    return reading.problems().kept();
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
