package io.zonecast.ingest.publish;

/**
 * A map from digests to a state, an int from 1 to {@value #MAX_STATE}, in primitive arrays. A slot
 * is two words, {@value #BYTES_PER_SLOT} bytes, in one cache line: 64 bits of the digest, then 36
 * more beside the 28 of the state. Between {@value #MAX_LOAD_PERCENT} and two thirds of that per
 * cent of the slots are taken: 20 to 30 bytes an entry. It grows a sixty-fourth at a time, so that
 * growing needs no room for a second table. Nothing is ever removed. Not thread-safe.
 *
 * <p>A hundred bits are enough: among fifty million keys, two share them with a probability below
 * 2<sup>−46</sup>.
 */
final class DigestTable {
  static final int BYTES_PER_SLOT = 2 * Long.BYTES;
  static final int MAX_LOAD_PERCENT = 80;
  static final int STATE_BITS = 28;
  static final int MAX_STATE = (1 << STATE_BITS) - 1;

  /** What {@link #get} answers for a digest that is not there. */
  static final int ABSENT = 0;

  private static final int SEGMENT_BITS = 6;
  private static final int SMALLEST_SEGMENT = 64;

  private final Segment[] segments = new Segment[1 << SEGMENT_BITS];

  DigestTable() {
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new Segment(SMALLEST_SEGMENT);
    }
  }

  /** Returns what stands under a digest, or {@link #ABSENT}. */
  int get(long first, long second) {
    Segment segment = segment(first);
    return segment.state(segment.slotOf(first, second));
  }

  /**
   * Reads the memory where a digest belongs, for nothing but the reading. Done for some hundred
   * digests in a row, before they are asked for, it lets the processor wait for all of them at
   * once: a table of millions of entries lies in no cache.
   */
  long touch(long first) {
    return segment(first).touch(first);
  }

  /** Puts {@code state} under a digest and returns what stood there before. */
  int exchange(long first, long second, int state) {
    if (state <= 0 || state > MAX_STATE) {
      throw new IllegalArgumentException(
          "state " + state + " is not from 1 to " + MAX_STATE + ": too many different texts");
    }
    Segment segment = segment(first);
    int slot = segment.slotOf(first, second);
    int before = segment.state(slot);
    segment.put(slot, first, second, state);
    return before;
  }

  /** The number of entries. */
  long size() {
    long size = 0;
    for (Segment segment : segments) {
      size += segment.used;
    }
    return size;
  }

  /** The bytes of all slots, taken or not. */
  long allocatedBytes() {
    long bytes = 0;
    for (Segment segment : segments) {
      bytes += (long) segment.capacity * BYTES_PER_SLOT;
    }
    return bytes;
  }

  private Segment segment(long first) {
    return segments[(int) (first >>> (Long.SIZE - SEGMENT_BITS))];
  }

  /** Open addressing with linear probing; slot {@code n} is the words {@code 2n} and 2n+1. */
  private static final class Segment {
    private long[] words;
    private int capacity;
    private int used;
    private int maxUsed;

    Segment(int capacity) {
      resize(capacity);
    }

    /** Returns the slot that holds a digest, or else the free one where it belongs. */
    int slotOf(long first, long second) {
      int slot = home(first);
      while (state(slot) != ABSENT
          && (words[2 * slot] != first || (words[2 * slot + 1] ^ second) >>> STATE_BITS != 0)) {
        slot++;
        if (slot == capacity) {
          slot = 0;
        }
      }
      return slot;
    }

    int state(int slot) {
      return (int) words[2 * slot + 1] & MAX_STATE;
    }

    long touch(long first) {
      return words[2 * home(first)];
    }

    void put(int slot, long first, long second, int state) {
      int into = slot;
      if (state(slot) == ABSENT) {
        if (used == maxUsed) {
          grow();
          into = slotOf(first, second);
        }
        used++;
      }
      words[2 * into] = first;
      words[2 * into + 1] = (second & ~MAX_STATE) | state;
    }

    private int home(long first) {
      // The high half of a 32-bit product spreads evenly over any capacity, without a division.
      return (int) (((first & 0xFFFF_FFFFL) * capacity) >>> Integer.SIZE);
    }

    private void grow() {
      long[] old = words;
      resize(Math.addExact(capacity, capacity >> 1));
      for (int i = 0; i < old.length; i += 2) {
        if (((int) old[i + 1] & MAX_STATE) != ABSENT) {
          int slot = slotOf(old[i], old[i + 1]);
          words[2 * slot] = old[i];
          words[2 * slot + 1] = old[i + 1];
        }
      }
    }

    private void resize(int newCapacity) {
      capacity = newCapacity;
      words = new long[Math.multiplyExact(2, newCapacity)];
      maxUsed = (int) ((long) newCapacity * MAX_LOAD_PERCENT / 100);
    }
  }

  @Override
  public String toString() {
    return "DigestTable(" + size() + " entries)";
  }
}
