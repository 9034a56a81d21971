package io.zonecast.sink.cache;

import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a node is degraded: it threw entries out for lack of memory, and each may be a
 * zone that readers now miss. {@link #toString} is the message.
 *
 * @param entries thrown out since the node started, or since its {@code stats reset}
 * @param neededBytes what our entries need on the node; 0 if that is not known
 * @param limitBytes what the node may use ({@code -m})
 */
public record Evictions(NodeAddress node, long entries, long neededBytes, long limitBytes) {

  /** Reads the node's statistics; empty if it has thrown out nothing. */
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
            // Others' entries, and entries that did not last, are not counted.
            : String.format(
                Locale.ROOT,
                "its %d MB do not hold all that is put there: start it with a larger -m or add a"
                    + " node",
                limitBytes >> 20);
    return String.format(
        Locale.ROOT, "memcached %s evicted %,d entries: %s", node, entries, remedy);
  }
}
