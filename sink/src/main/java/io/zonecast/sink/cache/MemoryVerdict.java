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

  /** Those over its {@code item_size_max} ({@code -I}), which it will refuse one by one. */
  long tooLarge();

  /** There is room, as far as our own entries go. */
  record Fits(NodeAddress node, long entries, long neededBytes, long limitBytes, long tooLarge)
      implements MemoryVerdict {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "memcached %s: %,d entries need about %d MB of its %d%s",
          node,
          entries,
          Megabytes.of(neededBytes),
          limitBytes >> 20,
          refused(tooLarge));
    }
  }

  /** It will evict zones, or refuse them where it runs with {@code -M}. */
  record TooSmall(NodeAddress node, long entries, long neededBytes, long limitBytes, long tooLarge)
      implements MemoryVerdict {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "memcached %s: %,d entries need about %d MB and it has %d: start it with -m %d or add a"
              + " node%s",
          node,
          entries,
          Megabytes.of(neededBytes),
          limitBytes >> 20,
          Megabytes.toGive(neededBytes),
          refused(tooLarge));
    }
  }

  private static String refused(long tooLarge) {
    return tooLarge == 0
        ? ""
        : String.format(
            Locale.ROOT, "; %,d more are over its -I and will be put aside one by one", tooLarge);
  }
}
