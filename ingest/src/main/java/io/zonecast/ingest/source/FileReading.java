package io.zonecast.ingest.source;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What one reading of a file has beside its rows: the bytes, the checksum, the problems. */
final class FileReading implements AutoCloseable {
  private final ZoneFile file;
  private final MeasuredInput measured;
  private final InputStream inflated;
  private final InputStream text;
  private final ProblemLog problems = new ProblemLog();
  private final RowChecks checks;
  private @Nullable String checksum;

  /**
   * @param measured the file's own bytes
   * @param inflated the same, inflated where they were compressed
   * @param text the same as UTF-8, where that was UTF-16
   * @param names tells whose codes look like ranges
   */
  FileReading(
      ZoneFile file,
      MeasuredInput measured,
      InputStream inflated,
      InputStream text,
      RangeNames names) {
    this.file = file;
    this.measured = measured;
    this.inflated = inflated;
    this.text = text;
    this.checks = new RowChecks(file.options().rows(), problems, names);
  }

  ZoneFile file() {
    return file;
  }

  InputStream text() {
    return text;
  }

  ProblemLog problems() {
    return problems;
  }

  /** Judges the rows and adds them to chunks. */
  RowChecks checks() {
    return checks;
  }

  /** The rows are at their end: takes the checksum. */
  void finish() throws IOException {
    if (checksum == null) {
      // Rows can end before the file does: behind the last gzip member something may follow.
      measured.drain();
      if (inflated instanceof GzipText gzip) {
        gzip.requireNothingBehind();
      }
      checksum = measured.checksum();
    }
  }

  String checksum() {
    if (checksum == null) {
      throw new IllegalStateException(file.path() + " has not been read to its end");
    }
    return checksum;
  }

  ZoneFileException failed(IOException cause) {
    return cause instanceof ZoneFileException known
        ? known
        : ZoneFile.unreadable(file.path(), cause);
  }

  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException e) {
      // Nothing was written, and all that was wanted has been read.
    }
  }
}
