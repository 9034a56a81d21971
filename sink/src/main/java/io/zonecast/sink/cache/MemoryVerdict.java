package io.zonecast.sink.cache;

import java.util.Locale;

/** Whether a node has the memory for its share of the table. Each says itself in one line. */
public sealed interface MemoryVerdict {
  NodeAddress node();

  /** The entries that it is to hold. */
  long entries();

  /** What they need at least. */
  long neededBytes();

  /** What the node may use ({@code -m}). */
  long limitBytes();

  /** There is room, as far as our own entries go. */
  record Fits(NodeAddress node, long entries, long neededBytes, long limitBytes)
      implements MemoryVerdict {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "memcached %s: %,d entries need about %d MB of its %d",
          node,
          entries,
          megabytes(neededBytes),
          limitBytes >> 20);
    }
  }

  /** It will evict zones, or refuse them where it runs with {@code -M}. */
  record TooSmall(NodeAddress node, long entries, long neededBytes, long limitBytes)
      implements MemoryVerdict {

    /** A value for {@code -m} with which they fit, with a tenth to spare. */
    public long suggestedMegabytes() {
      return (megabytes(neededBytes) * 11 + 9) / 10;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "memcached %s: %,d entries need about %d MB and it has %d: start it with -m %d or add a"
              + " node",
          node,
          entries,
          megabytes(neededBytes),
          limitBytes >> 20,
          suggestedMegabytes());
    }
  }

  private static long megabytes(long bytes) {
    return (bytes + (1L << 20) - 1) >> 20;
  }
}
