package io.zonecast.bench.stage;

import java.util.ArrayList;
import java.util.List;

/** How long each update took to be readable, by when it was sent. Thread-safe. */
public final class Latencies {
  private final List<Sample> samples = new ArrayList<>();

  private record Sample(long sentNanos, long tookNanos) {}

  /**
   * What a time's updates took, in milliseconds; zeros where there were none.
   *
   * @param count how many updates
   */
  public record Summary(long count, double p50, double p99, double max) {}

  /** Adds one. */
  public synchronized void add(long sentNanos, long tookNanos) {
    samples.add(new Sample(sentNanos, tookNanos));
  }

  /** Sums up the updates that were sent at or after {@code fromNanos} and before the other. */
  public synchronized Summary between(long fromNanos, long toNanos) {
    long[] took =
        samples.stream()
            .filter(it -> it.sentNanos - fromNanos >= 0 && it.sentNanos - toNanos < 0)
            .mapToLong(Sample::tookNanos)
            .sorted()
            .toArray();
    return took.length == 0
        ? new Summary(0, 0, 0, 0)
        : new Summary(took.length, millis(took, 0.5), millis(took, 0.99), millis(took, 1));
  }

  /** The value at the nearest rank. */
  private static double millis(long[] sortedNanos, double quantile) {
    return sortedNanos[(int) Math.ceil(quantile * sortedNanos.length) - 1] / 1e6;
  }
}
