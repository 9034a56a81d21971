package io.zonecast.ingest.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Counts and digests the bytes of a file on their way, as they lie on disk. */
final class MeasuredInput extends FilterInputStream {
  private static final int DRAIN_BYTES = 1 << 16;

  private final LongConsumer bytesRead;
  private final MessageDigest sha256;
  private long count;
  private long lastNonZero = -1;

  MeasuredInput(InputStream file, LongConsumer bytesRead) {
    super(file);
    this.bytesRead = bytesRead;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java platform without SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      sha256.update(into, offset, read);
      for (int last = read - 1; last >= 0; last--) {
        if (into[offset + last] != 0) {
          lastNonZero = count + last;
          break;
        }
      }
      count += read;
      bytesRead.accept(count);
    }
    return read;
  }

  @Override
  public long skip(long n) {
    throw new UnsupportedOperationException("a skipped byte would be missing in the checksum");
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** How many bytes have been read. */
  long count() {
    return count;
  }

  /** Where the last of them lies that is not 0, counted from 0; −1 if there is none. */
  long lastNonZero() {
    return lastNonZero;
  }

  /** Reads what a decoder above left: the checksum is one of the whole file. */
  void drain() throws IOException {
    byte[] rest = new byte[DRAIN_BYTES];
    while (read(rest, 0, rest.length) >= 0) {
      // Counting and digesting is all that is wanted.
    }
  }

  /** The digest of all bytes read, in lower-case hexadecimal; to be asked once. */
  String checksum() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
