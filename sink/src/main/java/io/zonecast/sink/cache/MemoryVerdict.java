package io.zonecast.sink.cache;

import java.util.Locale;

/**
 * Decides whether a node has the memory for its share of the table; others' entries do not count. A
 * node with too little evicts zones, or refuses them if it runs with {@code -M}. {@link #toString}
 * is the message.
 *
 * @param entries of its share, those that are too large left out
 * @param neededBytes what they need at least
 * @param limitBytes what the node may use ({@code -m})
 * @param tooLarge entries over its {@code item_size_max} ({@code -I}): the node refuses each
 */
public record MemoryVerdict(
    NodeAddress node, long entries, long neededBytes, long limitBytes, long tooLarge) {
  public boolean fits() {
    return neededBytes <= limitBytes;
  }

  /** Rounds up to the megabytes of {@code -m}. */
  static long megabytes(long neededBytes) {
    return (neededBytes + (1L << 20) - 1) >> 20;
  }

  /** The {@code -m} to advise: a tenth more. */
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
