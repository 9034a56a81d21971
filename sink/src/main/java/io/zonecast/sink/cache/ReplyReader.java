package io.zonecast.sink.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.rubyeye.xmemcached.exception.MemcachedDecodeException;
import org.jspecify.annotations.Nullable;

/** Reads lines and values from a node's answer, and throws at what memcached never sends. */
final class ReplyReader {
  /** More than any reply line: a code, a key of 250 bytes and flags, or a statistic. */
  static final int MAX_LINE_BYTES = 4_096;

  /** More than any value that we read. */
  static final int MAX_VALUE_BYTES = 16 << 20;

  private byte[] value = new byte[128];
  private int valueLength;
  private int filled;

  /** Reads the next line without its CRLF; null, consuming nothing, if it is not complete yet. */
  static @Nullable String line(ByteBuffer buffer) {
    int end = lineEnd(buffer);
    if (end < 0) {
      return null;
    }
    String line =
        new String(
            buffer.array(),
            buffer.arrayOffset() + buffer.position(),
            end - buffer.position(),
            StandardCharsets.UTF_8);
    buffer.position(end + 2);
    return line;
  }

  /** The index of the CR of the next line; -1 if it has not come yet. */
  static int lineEnd(ByteBuffer buffer) {
    int limit = buffer.limit();
    for (int i = buffer.position(); i < limit; i++) {
      if (buffer.get(i) == '\n') {
        if (i == buffer.position() || buffer.get(i - 1) != '\r') {
          throw misfit("a line that does not end in CRLF");
        }
        return i - 1;
      }
    }
    if (buffer.remaining() > MAX_LINE_BYTES) {
      throw misfit("more than " + MAX_LINE_BYTES + " bytes without a line's end");
    }
    return -1;
  }

  void beginValue(long length) {
    if (length < 0 || length > MAX_VALUE_BYTES) {
      throw misfit("a value of " + length + " bytes");
    }
    valueLength = (int) length;
    filled = 0;
    if (value.length < valueLength) {
      value = new byte[valueLength];
    }
  }

  /** Reads what has come of the value and its CRLF; true once it is complete. */
  boolean value(ByteBuffer buffer) {
    int take = Math.min(buffer.remaining(), valueLength - filled);
    buffer.get(value, filled, take);
    filled += take;
    if (filled < valueLength || buffer.remaining() < 2) {
      return false;
    }
    if (buffer.get() != '\r' || buffer.get() != '\n') {
      throw misfit("a value that does not end where its length says");
    }
    return true;
  }

  /** The last value is the first {@link #valueLength} bytes of this array. */
  byte[] valueArray() {
    return value;
  }

  int valueLength() {
    return valueLength;
  }

  /** The last value, each byte as a character, so that no byte is lost. */
  String text() {
    return new String(value, 0, valueLength, StandardCharsets.ISO_8859_1);
  }

  static long unsigned(String digits, String line) {
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw misfitLine(line, "a number");
    }
  }

  static MemcachedDecodeException misfit(String found) {
    return new MemcachedDecodeException("the node answered " + found);
  }

  /** Quotes the line, cut and without control characters. */
  static MemcachedDecodeException misfitLine(String line, String expected) {
    String shown = line.length() > 80 ? line.substring(0, 80) + "…" : line;
    return misfit("\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" where " + expected + " belongs");
  }
}
