package io.zonecast.ingest.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reading of one file. Has what is the same for all formats: the bytes, the checksum, the
 * problems; the rows come from the format's {@link RowSource}.
 */
final class FileReading implements RowReader {
  private static final int HEAD_BYTES = 1 << 13;
  private static final int MOST_CHART_BYTES = 1 << 20;
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final ZoneFile file;
  private final MeasuredInput measured;
  private final InputStream inflated;
  private final PushbackInputStream text;
  private final ProblemLog problems = new ProblemLog();
  private final RowChecks checks;
  private RowSource rows = into -> {};
  private long nextOrdinal;
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
      RangeNames names)
      throws IOException {
    this.file = file;
    this.measured = measured;
    this.inflated = inflated;
    this.text = new PushbackInputStream(text, HEAD_BYTES);
    this.text.unread(withoutBom(this.text.readNBytes(BOM.length)));
    this.checks = new RowChecks(file.options().rows(), problems, names);
  }

  /** The beginning of a text without the byte order mark that UTF-8 may have. */
  static byte[] withoutBom(byte[] head) {
    return head.length >= BOM.length && Arrays.equals(head, 0, BOM.length, BOM, 0, BOM.length)
        ? Arrays.copyOfRange(head, BOM.length, head.length)
        : head;
  }

  /** Sets where the rows come from; to be called once, before the first {@link #read}. */
  void rows(RowSource source) {
    rows = source;
  }

  ZoneFile file() {
    return file;
  }

  /** What has not been read of the text, which is UTF-8 without a byte order mark. */
  InputStream text() {
    return text;
  }

  /** How the text goes on; it stays unread. */
  byte[] head() throws IOException {
    byte[] head = text.readNBytes(HEAD_BYTES);
    text.unread(head);
    return head;
  }

  /** The rest of the text, of a format whose files are small. */
  byte[] whole() throws IOException {
    byte[] whole = text.readNBytes(MOST_CHART_BYTES + 1);
    if (whole.length > MOST_CHART_BYTES) {
      throw new FileSettingsException(
          file.path(), "is larger than a chart of one origin, 1 MB: it is no " + file.format());
    }
    return whole;
  }

  ProblemLog problemLog() {
    return problems;
  }

  /** Judges the rows and adds them to chunks. */
  RowChecks checks() {
    return checks;
  }

  @Override
  public boolean read(RowChunk into) throws ZoneFileException {
    into.clear(nextOrdinal);
    try {
      checks.addExpanded(into);
      rows.fill(into);
      nextOrdinal += into.size();
      if (into.size() == 0 && checksum == null) {
        finish();
      }
      return into.size() > 0;
    } catch (IOException e) {
      throw e instanceof ZoneFileException known ? known : ZoneFile.unreadable(file.path(), e);
    }
  }

  /** The rows are at their end: takes the checksum. */
  private void finish() throws IOException {
    // Rows can end before the file does: behind the last gzip member something may follow.
    measured.drain();
    if (inflated instanceof GzipText gzip) {
      gzip.requireNothingBehind();
    }
    checksum = measured.checksum();
  }

  @Override
  public List<String> checksums() {
    if (checksum == null) {
      throw new IllegalStateException(file.path() + " has not been read to its end");
    }
    return List.of(checksum);
  }

  @Override
  public List<RowProblem> problems() {
    return problems.kept();
  }

  @Override
  public long expandedLines() {
    return checks.expandedLines();
  }

  @Override
  public long expandedRows() {
    return checks.expandedRows();
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
