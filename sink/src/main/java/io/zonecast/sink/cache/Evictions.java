package io.zonecast.sink.cache;

import java.util.Locale;
import java.util.Optional;

/**
 * Entries that a node threw out for lack of memory: each may have been a zone, which its readers
 * now miss. The one rule for when a node is degraded, and its words, in one line.
 *
 * @param entries thrown out since the node started, or since its {@code stats reset}
 * @param neededBytes what our entries need on it, as far as that has been worked out; else 0
 * @param limitBytes what it may use ({@code -m})
 */
public record Evictions(NodeAddress node, long entries, long neededBytes, long limitBytes) {

  /** What the node's statistics say; empty if it has thrown out nothing. */
  public static Optional<Evictions> of(NodeAddress node, NodeStats stats) {
    return stats.evictions() == 0
        ? Optional.empty()
        : Optional.of(new Evictions(node, stats.evictions(), 0, stats.limitBytes()));
  }

  public Evictions needing(long bytes) {
    return new Evictions(node, entries, bytes, limitBytes);
  }

  @Override
  public String toString() {
    String remedy =
        neededBytes > limitBytes
            ? String.format(
                Locale.ROOT,
                "it needs about %d MB and has %d: start it with -m %d or add a node",
                MemoryVerdict.megabytes(neededBytes),
                limitBytes >> 20,
                MemoryVerdict.megabytesToGive(neededBytes))
            // Who else's entries are there, or what has not lasted, nobody has counted.
            : String.format(
                Locale.ROOT,
                "its %d MB do not hold all that is put there: start it with a larger -m or add a"
                    + " node",
                limitBytes >> 20);
    return String.format(
        Locale.ROOT, "memcached %s evicted %,d entries: %s", node, entries, remedy);
  }
}
