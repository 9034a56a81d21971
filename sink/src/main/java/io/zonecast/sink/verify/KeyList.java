package io.zonecast.sink.verify;

import java.util.Arrays;

/** Numbered keys, as bytes one after the other. Not thread-safe. */
final class KeyList {
  private byte[] bytes = new byte[1 << 10];
  private int[] ends = new int[64];
  private long[] numbers = new long[64];
  private int size;

  int size() {
    return size;
  }

  void add(byte[] key, int at, int length, long number) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
      numbers = Arrays.copyOf(numbers, size * 2);
    }
    int start = start(size);
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, start + length));
    }
    System.arraycopy(key, at, bytes, start, length);
    ends[size] = start + length;
    numbers[size] = number;
    size++;
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int length(int index) {
    return ends[index] - start(index);
  }

  byte[] key(int index) {
    return Arrays.copyOfRange(bytes, start(index), ends[index]);
  }

  long number(int index) {
    return numbers[index];
  }
}
