package io.zonecast.ingest.source;

import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The text of a gzip file, of all its members. The JDK takes a member whose header is damaged for
 * the end of the data, so that whoever reads has to ask at the end whether it was.
 */
final class GzipText extends GZIPInputStream {
  /** The checksum and the length behind a member's data. */
  private static final int TRAILER_BYTES = 8;

  private final MeasuredInput file;

  /** How many bytes of the file had been read when the inflater was last given some. */
  private long givenUpTo;

  GzipText(MeasuredInput file) throws IOException {
    super(file, ZoneFile.BUFFER_BYTES);
    this.file = file;
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    givenUpTo = file.count();
  }

  /**
   * To be called when both this and the file have been read to their ends.
   *
   * @throws ZipException if anything but zeros, with which tapes are padded, follows the last
   *     member that could be read
   */
  void requireNothingBehind() throws ZipException {
    long end = givenUpTo - inf.getRemaining() + TRAILER_BYTES;
    if (file.lastNonZero() >= end) {
      throw new ZipException(
          String.format(
              Locale.ROOT,
              "%,d bytes behind its byte %,d are no gzip data",
              file.count() - end,
              end));
    }
  }
}
