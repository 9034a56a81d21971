package io.zonecast.sink.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of protocol bytes. Not thread-safe. */
final class ProtocolBytes {
  private byte[] array;
  private int length;

  ProtocolBytes(int initialCapacity) {
    array = new byte[initialCapacity];
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void reserve(int bytes) {
    int needed = Math.addExact(length, bytes);
    if (needed > array.length) {
      array = Arrays.copyOf(array, Math.max(needed, (int) Math.min(array.length * 2L, 1 << 30)));
    }
  }

  ProtocolBytes put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  ProtocolBytes put(byte[] bytes, int offset, int count) {
    reserve(count);
    System.arraycopy(bytes, offset, array, length, count);
    length += count;
    return this;
  }

  ProtocolBytes put(char ascii) {
    reserve(1);
    array[length++] = (byte) ascii;
    return this;
  }

  ProtocolBytes put(String ascii) {
    reserve(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      array[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Writes a number, 0 or more, in decimal. */
  ProtocolBytes putDecimal(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    reserve(digits);
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }
}
