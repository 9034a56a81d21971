package io.zonecast.ingest.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One whole reading of a file, in words.
 *
 * @param rows each row as {@code 3 UPSERT usps:005:010 2 e@19814}: line, kind, key, zone, flags,
 *     day
 */
record ReadRows(List<String> rows, List<RowProblem> problems, String checksum) {
  private static final int SOME_BATCH = 7;

  static ReadRows of(ZoneFile file) throws IOException {
    return of(file, SOME_BATCH);
  }

  static ReadRows of(ZoneFile file, int batchRows) throws IOException {
    List<String> rows = new ArrayList<>();
    RowBatch batch = new RowBatch(batchRows);
    try (RowReader reader = file.read(bytes -> {})) {
      while (reader.read(batch)) {
        if (batch.firstOrdinal() != rows.size()) {
          throw new AssertionError(batch.firstOrdinal() + " after " + rows.size() + " rows");
        }
        for (int row = 0; row < batch.size(); row++) {
          rows.add(words(batch, row));
        }
      }
      return new ReadRows(rows, reader.problems(), reader.checksum());
    }
  }

  /** Reads {@code content} as it stands, written to a file in {@code directory}. */
  static ReadRows of(Path directory, String content, FileOptions options) throws IOException {
    return of(file(directory, content, options));
  }

  static ZoneFile file(Path directory, String content, FileOptions options) throws IOException {
    return file(directory, content.getBytes(StandardCharsets.UTF_8), options);
  }

  static ZoneFile file(Path directory, byte[] content, FileOptions options) throws IOException {
    Path path = Files.createTempFile(directory, "zones", ".txt");
    Files.write(path, content);
    return ZoneFile.open(path, options);
  }

  private static String words(RowBatch batch, int row) {
    StringBuilder words = new StringBuilder();
    words.append(batch.line(row)).append(' ').append(batch.kind(row));
    if (batch.keyLength(row) > 0) {
      words.append(' ').append(batch.keyText(row));
    } else if (batch.carrierLength(row) > 0) {
      words
          .append(' ')
          .append(
              new String(
                  batch.bytes(),
                  batch.keyOffset(row),
                  batch.carrierLength(row),
                  StandardCharsets.US_ASCII));
    }
    if (batch.zoneLength(row) > 0) {
      words.append(' ').append(batch.zoneText(row));
    }
    if (batch.flagsLength(row) > 0) {
      words.append(' ').append(batch.flagsText(row));
    }
    if (batch.effectiveEpochDay(row) != RowBatch.UNDATED) {
      words.append('@').append(batch.effectiveEpochDay(row));
    }
    return words.toString();
  }
}
