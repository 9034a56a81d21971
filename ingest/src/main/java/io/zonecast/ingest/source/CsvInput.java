package io.zonecast.ingest.source;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV text, whatever its fields mean.
 *
 * <p>The parser is fed with Latin-1, whatever the text is: it makes each byte one character, so
 * that the bytes can be had back exactly. What CSV gives a meaning to is ASCII, and no byte of a
 * longer UTF-8 sequence is.
 */
final class CsvInput {
  /** A field longer than this is no table's: a quote is missing, or it is no text at all. */
  private static final int MAX_FIELD_CHARACTERS = 1 << 20;

  private final Path file;
  private final CsvRow row = new CsvRow();
  private final Iterator<CsvRow> rows;

  CsvInput(Path file, InputStream text, char separator) {
    this.file = file;
    rows =
        CsvReader.builder()
            .fieldSeparator(separator)
            .commentStrategy(CommentStrategy.NONE)
            .skipEmptyLines(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(MAX_FIELD_CHARACTERS)
            .build(row, new InputStreamReader(text, StandardCharsets.ISO_8859_1))
            .iterator();
  }

  /** Reads the next row, into the same object each time; null at the end. */
  @Nullable CsvRow next() throws IOException {
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    } catch (CsvParseException e) {
      throw new ZoneFileException(
          file,
          "cannot be read as csv from line "
              + row.line()
              + " on: a quote is missing or is too much there, or a field has no end",
          e);
    }
  }
}
