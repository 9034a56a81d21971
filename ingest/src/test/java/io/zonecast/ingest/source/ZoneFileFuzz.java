package io.zonecast.ingest.source;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * A file of any bytes: it is read or refused by name, the same in chunks of any size, and whatever
 * is to be published is fit for a topic. The first byte says what the others are: a file as it
 * lies, or a CSV file, a matrix, a chart, changes, or what is compressed.
 */
public final class ZoneFileFuzz {
  private static final Path FILE = file();
  private static final int LARGE_BATCH = 10_000;

  private ZoneFileFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] content = new byte[input.length - 1];
    System.arraycopy(input, 1, content, 0, content.length);
    try {
      switch (input[0]) {
        case 'c' ->
            read(content, new FileOptions(Optional.of(FileFormat.CSV), Optional.empty(), false));
        case 'd' ->
            read(content, new FileOptions(Optional.of(FileFormat.CSV), Optional.empty(), true));
        case 'm' ->
            read(
                content,
                new FileOptions(Optional.of(FileFormat.USPS_MATRIX), Optional.empty(), false));
        case 'u' -> read(content, chart(FileFormat.UPS_CHART));
        case 'j' -> read(content, chart(FileFormat.USPS_ZONES));
        case 'z' -> read(gzip(content), FileOptions.NONE);
        default -> read(content, FileOptions.NONE);
      }
    } catch (ZoneFileException e) {
      if (!String.valueOf(e.getMessage()).startsWith(FILE + ": ")) {
        throw new AssertionError("does not name the file", e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileOptions chart(FileFormat format) {
    return new FileOptions(
        Optional.of(format),
        Optional.empty(),
        false,
        Optional.of("981"),
        CsvOptions.NONE,
        RowOptions.NONE);
  }

  private static Path file() {
    try {
      Path file = Files.createTempFile("zonecast-fuzz-", ".zones");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static void read(byte[] content, FileOptions options) throws IOException {
    Files.write(FILE, content);
    ZoneFile file = ZoneFile.open(FILE, options);
    if (hasManyRows(file)) {
      return;
    }
    ReadRows inOne = ReadRows.of(file, LARGE_BATCH);
    ReadRows inSmall = ReadRows.of(file, 3);
    if (!inOne.equals(inSmall)) {
      throw new AssertionError(inOne + " in one chunk, in small ones " + inSmall);
    }
    try (RowReader rows = file.read(bytes -> {})) {
      var chunk = new RowChunk(LARGE_BATCH);
      while (rows.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          requireFit(chunk, row);
        }
      }
    }
  }

  /** Whether ranges make more rows of it than are worth the time. */
  private static boolean hasManyRows(ZoneFile file) throws IOException {
    try (RowReader rows = file.read(bytes -> {})) {
      var chunk = new RowChunk(LARGE_BATCH);
      return rows.read(chunk) && chunk.isFull();
    }
  }

  private static void requireFit(RowChunk chunk, int row) {
    if (chunk.kind(row) == RowChunk.Kind.REJECTED) {
      return;
    }
    ZoneKey.parse(chunk.keyText(row));
    if (chunk.kind(row) == RowChunk.Kind.UPSERT) {
      requireText(chunk.zoneText(row));
      if (chunk.flagsLength(row) > 0) {
        requireText(chunk.flagsText(row));
      }
    }
  }

  private static void requireText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!ZoneText.isValid(bytes, 0, bytes.length)) {
      throw new AssertionError(text + " would be published");
    }
  }
}
