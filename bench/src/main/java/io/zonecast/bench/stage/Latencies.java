package io.zonecast.bench.stage;

import java.util.Arrays;

/** How long each update took to be readable, by when it was sent. Thread-safe. */
public final class Latencies {
  private long[] sentNanos = new long[1 << 12];
  private long[] tookNanos = new long[1 << 12];
  private int size;

  /**
   * What a time's updates took, in milliseconds; zeros where there were none.
   *
   * @param count how many updates
   */
  public record Summary(long count, double p50, double p99, double max) {}

  /** Adds one. */
  public synchronized void add(long sentAtNanos, long tookForNanos) {
    if (size == sentNanos.length) {
      sentNanos = Arrays.copyOf(sentNanos, size * 2);
      tookNanos = Arrays.copyOf(tookNanos, size * 2);
    }
    sentNanos[size] = sentAtNanos;
    tookNanos[size] = tookForNanos;
    size++;
  }

  /** Sums up the updates that were sent at or after {@code fromNanos} and before the other. */
  public synchronized Summary between(long fromNanos, long toNanos) {
    long[] took = new long[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (sentNanos[i] - fromNanos >= 0 && sentNanos[i] - toNanos < 0) {
        took[count++] = tookNanos[i];
      }
    }
    if (count == 0) {
      return new Summary(0, 0, 0, 0);
    }
    Arrays.sort(took, 0, count);
    return new Summary(
        count,
        millis(took[nearestRank(0.5, count)]),
        millis(took[nearestRank(0.99, count)]),
        millis(took[count - 1]));
  }

  private static int nearestRank(double quantile, int count) {
    return (int) Math.ceil(quantile * count) - 1;
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
