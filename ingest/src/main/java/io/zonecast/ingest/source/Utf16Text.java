package io.zonecast.ingest.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** The UTF-8 of a UTF-16 text with a byte order mark. What is no text becomes U+FFFD. */
final class Utf16Text extends InputStream {
  private static final int BLOCK_CHARACTERS = 1 << 13;

  private final Reader characters;
  private final char[] block = new char[BLOCK_CHARACTERS + 1];
  private byte[] utf8 = {};
  private int next;

  Utf16Text(InputStream utf16) {
    characters = new InputStreamReader(utf16, StandardCharsets.UTF_16);
  }

  /** Whether a text begins with the mark. */
  static boolean isOne(byte[] head) {
    return head.length >= 2
        && ((head[0] == (byte) 0xFF && head[1] == (byte) 0xFE)
            || (head[0] == (byte) 0xFE && head[1] == (byte) 0xFF));
  }

  @Override
  public int read() throws IOException {
    return fill() ? utf8[next++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, utf8.length - next);
    System.arraycopy(utf8, next, into, offset, count);
    next += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (next < utf8.length) {
      return true;
    }
    int read = characters.read(block, 0, BLOCK_CHARACTERS);
    if (read < 0) {
      return false;
    }
    if (Character.isHighSurrogate(block[read - 1])) {
      // Its other half comes first in the next block.
      int other = characters.read();
      if (other >= 0) {
        block[read++] = (char) other;
      }
    }
    utf8 = new String(block, 0, read).getBytes(StandardCharsets.UTF_8);
    next = 0;
    return true;
  }

  @Override
  public void close() throws IOException {
    characters.close();
  }
}
