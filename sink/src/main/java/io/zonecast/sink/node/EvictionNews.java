package io.zonecast.sink.node;

import java.time.Duration;

/**
 * Decides whether a node's count of evictions is logged. The first evictions change the node's
 * state, which is logged elsewhere; later ones are logged once a minute, if the count has grown.
 * Not thread-safe.
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
    boolean due = evictions > said && nowNanos - lastSaidNanos >= SAY_EVERY_NANOS;
    if (begins || due) {
      said = evictions;
      lastSaidNanos = nowNanos;
    }
    return due && !begins;
  }
}
