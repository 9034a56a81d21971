package io.zonecast.ingest.publish;

/**
 * A map from 128-bit digests to an int other than 0, in primitive arrays. {@value #BYTES_PER_SLOT}
 * bytes a slot, between {@value #MAX_LOAD_PERCENT} and two thirds of that per cent of them taken:
 * 25 to 38 bytes an entry. It grows a sixty-fourth at a time, so that growing needs no room for a
 * second table. Nothing is ever removed. Not thread-safe.
 */
final class DigestTable {
  static final int BYTES_PER_SLOT = 2 * Long.BYTES + Integer.BYTES;
  static final int MAX_LOAD_PERCENT = 80;

  /** What {@link #get} answers for a digest that is not there. */
  static final int ABSENT = 0;

  private static final int SEGMENT_BITS = 6;
  private static final int SMALLEST_SEGMENT = 64;

  private final Segment[] segments = new Segment[1 << SEGMENT_BITS];

  /**
   * @param expected about how many entries there will be; 0 if nobody knows
   */
  DigestTable(long expected) {
    long slots = (expected * 100 / MAX_LOAD_PERCENT) >>> SEGMENT_BITS;
    // A little more than the share of each, since digests spread the entries unevenly.
    long capacity = Math.max(SMALLEST_SEGMENT, slots + (slots >>> 5));
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new Segment(Math.toIntExact(capacity));
    }
  }

  /** Returns what stands under a digest, or {@link #ABSENT}. */
  int get(long first, long second) {
    Segment segment = segment(first);
    return segment.states[segment.slotOf(first, second)];
  }

  /** Puts {@code state}, which is not 0, under a digest and returns what stood there before. */
  int exchange(long first, long second, int state) {
    Segment segment = segment(first);
    int slot = segment.slotOf(first, second);
    int before = segment.states[slot];
    if (before == ABSENT) {
      segment.insert(slot, first, second, state);
    } else {
      segment.states[slot] = state;
    }
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
    long slots = 0;
    for (Segment segment : segments) {
      slots += segment.states.length;
    }
    return slots * BYTES_PER_SLOT;
  }

  private Segment segment(long first) {
    return segments[(int) (first >>> (Long.SIZE - SEGMENT_BITS))];
  }

  /** Open addressing with linear probing; the home slot is a matter of the second word alone. */
  private static final class Segment {
    private long[] digests;
    private int[] states;
    private int used;
    private int maxUsed;

    Segment(int capacity) {
      digests = new long[2 * capacity];
      states = new int[capacity];
      maxUsed = maxUsed(capacity);
    }

    /** Returns the slot that holds a digest, or else the free one where it belongs. */
    int slotOf(long first, long second) {
      int slot = home(second);
      while (states[slot] != ABSENT
          && (digests[2 * slot] != first || digests[2 * slot + 1] != second)) {
        slot++;
        if (slot == states.length) {
          slot = 0;
        }
      }
      return slot;
    }

    void insert(int freeSlot, long first, long second, int state) {
      int slot = freeSlot;
      if (used == maxUsed) {
        grow();
        slot = slotOf(first, second);
      }
      digests[2 * slot] = first;
      digests[2 * slot + 1] = second;
      states[slot] = state;
      used++;
    }

    private int home(long second) {
      // The high half of a 32-bit product spreads evenly over any capacity, without a division.
      return (int) (((second & 0xFFFF_FFFFL) * states.length) >>> Integer.SIZE);
    }

    private void grow() {
      long[] oldDigests = digests;
      int[] oldStates = states;
      int capacity = Math.addExact(oldStates.length, oldStates.length >> 1);
      digests = new long[Math.multiplyExact(2, capacity)];
      states = new int[capacity];
      maxUsed = maxUsed(capacity);
      for (int i = 0; i < oldStates.length; i++) {
        if (oldStates[i] != ABSENT) {
          int slot = slotOf(oldDigests[2 * i], oldDigests[2 * i + 1]);
          digests[2 * slot] = oldDigests[2 * i];
          digests[2 * slot + 1] = oldDigests[2 * i + 1];
          states[slot] = oldStates[i];
        }
      }
    }

    private static int maxUsed(int capacity) {
      return (int) ((long) capacity * MAX_LOAD_PERCENT / 100);
    }
  }

  @Override
  public String toString() {
    return "DigestTable(" + size() + " entries, " + segments.length + " segments)";
  }
}
