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

  static ReadRows of(ZoneFile file, int chunkRows) throws IOException {
    List<String> rows = new ArrayList<>();
    RowChunk chunk = new RowChunk(chunkRows);
    try (RowReader reader = file.read(bytes -> {})) {
      while (reader.read(chunk)) {
        if (chunk.firstOrdinal() != rows.size()) {
          throw new AssertionError(chunk.firstOrdinal() + " after " + rows.size() + " rows");
        }
        for (int row = 0; row < chunk.size(); row++) {
          rows.add(words(chunk, row));
        }
      }
      return new ReadRows(rows, reader.problems(), reader.checksums().get(0));
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

  private static String words(RowChunk chunk, int row) {
    StringBuilder words = new StringBuilder();
    words.append(chunk.line(row)).append(' ').append(chunk.kind(row));
    if (chunk.keyLength(row) > 0) {
      words.append(' ').append(chunk.keyText(row));
    } else if (chunk.carrierLength(row) > 0) {
      words
          .append(' ')
          .append(
              new String(
                  chunk.bytes(),
                  chunk.keyOffset(row),
                  chunk.carrierLength(row),
                  StandardCharsets.US_ASCII));
    }
    if (chunk.zoneLength(row) > 0) {
      words.append(' ').append(chunk.zoneText(row));
    }
    if (chunk.flagsLength(row) > 0) {
      words.append(' ').append(chunk.flagsText(row));
    }
    if (chunk.effectiveEpochDay(row) != RowChunk.UNDATED) {
      words.append('@').append(chunk.effectiveEpochDay(row));
    }
    return words.toString();
  }
}
