package io.zonecast.sink.cache;

import java.util.Locale;

/**
 * Whether a node has the memory for its share of the table, as far as our own entries go; in one
 * line. One that has not will evict zones, or refuse them where it runs with {@code -M}.
 *
 * @param entries that it is to hold
 * @param neededBytes what they need at least
 * @param limitBytes what the node may use ({@code -m})
 * @param tooLarge those over its {@code item_size_max} ({@code -I}), which it will refuse one by
 *     one
 */
public record MemoryVerdict(
    NodeAddress node, long entries, long neededBytes, long limitBytes, long tooLarge) {
  public boolean fits() {
    return neededBytes <= limitBytes;
  }

  /** What has to be given at least, as {@code -m} counts it. */
  static long megabytes(long neededBytes) {
    return (neededBytes + (1L << 20) - 1) >> 20;
  }

  /** The {@code -m} to give, so that there is a tenth to spare. */
  static long megabytesToGive(long neededBytes) {
    return (megabytes(neededBytes) * 11 + 9) / 10;
  }

  @Override
  public String toString() {
    long limit = limitBytes >> 20;
    return String.format(
        Locale.ROOT,
        "memcached %s: %,d entries need about %d MB %s%s",
        node,
        entries,
        megabytes(neededBytes),
        fits()
            ? "of its " + limit
            : "and it has %s: start it with -m %s or add a node"
                .formatted(limit, megabytesToGive(neededBytes)),
        tooLarge == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "; %,d more are over its -I and will be put aside one by one",
                tooLarge));
  }
}
