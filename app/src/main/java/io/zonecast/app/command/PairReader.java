package io.zonecast.app.command;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.zonecast.app.settings.SettingsException;
import io.zonecast.schemas.ZoneKey;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reads the pairs of {@code get --file}: {@code carrier,origin,destination}, a line each. */
final class PairReader implements AutoCloseable {
  private static final String STANDARD_INPUT = "-";
  private static final List<String> HEADER = List.of("carrier", "origin", "destination");

  private final String file;
  private final CsvReader<CsvRecord> csv;
  private final Iterator<CsvRecord> lines;

  private PairReader(String file, CsvReader<CsvRecord> csv) {
    this.file = file;
    this.csv = csv;
    this.lines = csv.iterator();
  }

  /**
   * @param file {@code -} for standard input
   * @throws SettingsException if there is no such file
   */
  static PairReader open(String file) throws IOException {
    try {
      return new PairReader(
          file,
          CsvReader.builder()
              .ofCsvRecord(
                  file.equals(STANDARD_INPUT)
                      ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
                      : Files.newBufferedReader(Path.of(file))));
    } catch (NoSuchFileException e) {
      throw new SettingsException(List.of("--file %s: there is no such file".formatted(file)));
    }
  }

  /**
   * Reads the next pairs, {@code most} at most; none at the end.
   *
   * @throws SettingsException if a line is not a pair
   */
  List<ZoneKey> next(int most) throws IOException {
    List<ZoneKey> keys = new ArrayList<>();
    try {
      while (keys.size() < most && lines.hasNext()) {
        CsvRecord line = lines.next();
        List<String> fields = line.getFields();
        if (line.getStartingLineNumber() > 1 || !fields.equals(HEADER)) {
          keys.add(key(line, fields));
        }
      }
    } catch (CsvParseException e) {
      throw new IOException("--file %s: %s".formatted(file, e.getMessage()), e);
    }
    return keys;
  }

  private ZoneKey key(CsvRecord line, List<String> fields) {
    try {
      if (fields.size() != HEADER.size()) {
        throw new IllegalArgumentException(
            "%d fields; give carrier,origin,destination".formatted(fields.size()));
      }
      return ZoneKey.of(fields.get(0), fields.get(1), fields.get(2));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          List.of(
              "--file %s, line %d: %s"
                  .formatted(file, line.getStartingLineNumber(), e.getMessage())));
    }
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
