package io.zonecast.ingest.stream;

import java.util.ArrayDeque;
import java.util.Deque;

/** A set of offsets that come in order and are mostly neighbours. Not thread-safe. */
final class OffsetRanges {
  private final Deque<Range> ranges = new ArrayDeque<>();

  /** From {@code start} to before {@code end}. */
  private record Range(long start, long end) {}

  /** Adds an offset; one that is not above all that are there is ignored. */
  void add(long offset) {
    Range last = ranges.peekLast();
    if (last == null || offset > last.end) {
      ranges.addLast(new Range(offset, offset + 1));
    } else if (offset == last.end) {
      ranges.removeLast();
      ranges.addLast(new Range(last.start, offset + 1));
    }
  }

  boolean contains(long offset) {
    return covers(offset, offset + 1);
  }

  /** Whether every offset from {@code start} to before {@code end} is there. */
  boolean covers(long start, long end) {
    if (start >= end) {
      return true;
    }
    for (Range range : ranges) {
      if (range.start <= start && end <= range.end) {
        return true;
      }
    }
    return false;
  }

  /** Forgets all offsets below {@code offset}. */
  void removeBelow(long offset) {
    while (!ranges.isEmpty() && ranges.getFirst().end <= offset) {
      ranges.removeFirst();
    }
  }

  void clear() {
    ranges.clear();
  }
}
