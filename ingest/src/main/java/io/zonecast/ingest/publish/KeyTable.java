package io.zonecast.ingest.publish;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys, each once, with some numbers beside each, in the order in which they came. A key takes its
 * own bytes and some 13 more, and 4 for each number. All keys together may have 4 GB. Not
 * thread-safe.
 */
final class KeyTable {
  /** The columns of the numbers. */
  static final int FIRST = 0;

  static final int SECOND = 1;
  static final int THIRD = 2;

  private static final int BLOCK_BITS = 20;
  private static final int BLOCK_BYTES = 1 << BLOCK_BITS;

  private final KeyDigest digest;
  private final int columns;
  private final List<byte[]> blocks = new ArrayList<>();

  /** Where the last block is free; a key's length stands before it. */
  private int used = BLOCK_BYTES;

  private int size;
  private int[] places = new int[16];
  private int[] numbers;

  /** A hash table with linear probing of one more than a key's index; 0 is free. */
  private int[] slots = new int[32];

  KeyTable(KeyDigest digest, int columns) {
    this.digest = digest;
    this.columns = columns;
    numbers = new int[columns * places.length];
  }

  int size() {
    return size;
  }

  /** Returns the index of a key, which is added if it is new, with 0 in each column. */
  int add(ByteBuffer key) {
    return add(key.array(), key.arrayOffset() + key.position(), key.remaining());
  }

  int add(byte[] key, int offset, int length) {
    int slot = slotOf(key, offset, length);
    if (slots[slot] == 0) {
      if (size == places.length) {
        grow();
        slot = slotOf(key, offset, length);
      }
      places[size] = store(key, offset, length);
      slots[slot] = ++size;
    }
    return slots[slot] - 1;
  }

  /** Returns the index of a key, or -1. */
  int indexOf(ByteBuffer key) {
    return slots[slotOf(key.array(), key.arrayOffset() + key.position(), key.remaining())] - 1;
  }

  int get(int index, int column) {
    return numbers[columns * index + column];
  }

  void set(int index, int column, int number) {
    numbers[columns * index + column] = number;
  }

  byte[] key(int index) {
    int at = startOf(index);
    byte[] block = blockOf(index);
    return Arrays.copyOfRange(block, at, at + block[at - 1]);
  }

  /**
   * The indexes in the order of carrier, origin and destination, byte by byte: the order of the
   * lines of a CSV in {@code LC_ALL=C sort}.
   */
  int[] sorted() {
    int[] from = new int[size];
    Arrays.setAll(from, i -> i);
    int[] to = new int[size];
    for (int run = 1; run > 0 && run < size; run *= 2) {
      for (int start = 0; start < size; start += 2 * run) {
        merge(from, to, start, Math.min(start + run, size), Math.min(start + 2 * run, size));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private void merge(int[] from, int[] to, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int at = start; at < end; at++) {
      boolean takesLeft = left < middle && (right == end || compare(from[left], from[right]) <= 0);
      to[at] = takesLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int one, int other) {
    byte[] oneBlock = blockOf(one);
    byte[] otherBlock = blockOf(other);
    int oneAt = startOf(one);
    int otherAt = startOf(other);
    int common = Math.min(oneBlock[oneAt - 1], otherBlock[otherAt - 1]);
    for (int i = 0; i < common; i++) {
      int difference = rank(oneBlock[oneAt + i]) - rank(otherBlock[otherAt + i]);
      if (difference != 0) {
        return difference;
      }
    }
    return oneBlock[oneAt - 1] - otherBlock[otherAt - 1];
  }

  /** A part that ends comes before one that goes on. */
  private static int rank(byte character) {
    return character == ':' ? 0 : character;
  }

  private byte[] blockOf(int index) {
    return blocks.get(places[index] >>> BLOCK_BITS);
  }

  private int startOf(int index) {
    return places[index] & (BLOCK_BYTES - 1);
  }

  private int store(byte[] key, int offset, int length) {
    if (used + 1 + length > BLOCK_BYTES) {
      blocks.add(new byte[BLOCK_BYTES]);
      used = 0;
    }
    byte[] block = blocks.get(blocks.size() - 1);
    block[used] = (byte) length;
    System.arraycopy(key, offset, block, used + 1, length);
    int place = ((blocks.size() - 1) << BLOCK_BITS) | (used + 1);
    used += 1 + length;
    return place;
  }

  private int slotOf(byte[] key, int offset, int length) {
    int slot = (int) digest.first(key, offset, length) & (slots.length - 1);
    while (slots[slot] != 0 && !isAt(slots[slot] - 1, key, offset, length)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private boolean isAt(int index, byte[] key, int offset, int length) {
    byte[] block = blockOf(index);
    int at = startOf(index);
    return block[at - 1] == length
        && Arrays.equals(block, at, at + length, key, offset, offset + length);
  }

  private void grow() {
    places = Arrays.copyOf(places, Math.addExact(size, size >> 1));
    numbers = Arrays.copyOf(numbers, Math.multiplyExact(columns, places.length));
    if (places.length > slots.length / 4 * 3) {
      slots = new int[Math.multiplyExact(2, slots.length)];
      for (int index = 0; index < size; index++) {
        int at = startOf(index);
        byte[] block = blockOf(index);
        slots[slotOf(block, at, block[at - 1])] = index + 1;
      }
    }
  }
}
