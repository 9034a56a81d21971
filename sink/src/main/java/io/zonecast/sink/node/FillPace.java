package io.zonecast.sink.node;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a node's fills are still going to take, by how far they have come since they began to
 * move: what goes before, as waiting for former writers, says nothing of the rest.
 */
final class FillPace {
  /** Of the way that lay ahead; less says too little. */
  private static final double LEAST_DONE = 0.05;

  private boolean moving;
  private long startNanos;
  private double startFraction;
  private double lastFraction;

  /**
   * Takes how far it is now, and says how long the rest takes at this pace; null while nobody can
   * know.
   *
   * @param fraction from 0 to 1
   */
  @Nullable Duration left(double fraction, long nowNanos) {
    if (fraction < lastFraction) {
      // Something began again.
      moving = false;
    }
    lastFraction = fraction;
    if (!moving) {
      moving = fraction > 0;
      startNanos = nowNanos;
      startFraction = fraction;
      return null;
    }
    double done = fraction - startFraction;
    if (done < LEAST_DONE * (1 - startFraction)) {
      return null;
    }
    return Duration.ofNanos((long) ((nowNanos - startNanos) * ((1 - fraction) / done)));
  }

  /** Nothing is being filled. */
  void stop() {
    moving = false;
    lastFraction = 0;
  }
}
