package io.zonecast.sink.node;

import java.time.Duration;

/**
 * Whether a node's count of evictions is worth a line of the log. The first ones change the node's
 * state, which is said elsewhere; while they go on, once a minute is enough, and none is while the
 * count stands. Not thread-safe.
 */
final class EvictionNews {
  private static final long SAY_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private long said;
  private long lastSaidNanos;

  /**
   * Takes the node's count, and tells whether to log it now.
   *
   * @param evictions since the node started; less than before means that it has restarted
   */
  boolean isWorthALine(long evictions, long nowNanos) {
    boolean begins = said == 0 || evictions < said;
    if (begins) {
      said = evictions;
      lastSaidNanos = nowNanos;
      return false;
    }
    boolean due = evictions > said && nowNanos - lastSaidNanos >= SAY_EVERY_NANOS;
    if (due) {
      said = evictions;
      lastSaidNanos = nowNanos;
    }
    return due;
  }
}
