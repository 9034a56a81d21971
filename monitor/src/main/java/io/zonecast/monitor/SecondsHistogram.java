package io.zonecast.monitor;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations by how long they are. Costs a few nanoseconds a recording and loads nothing of
 * the metrics libraries, so that it can count from the first moment on. Thread-safe.
 */
public final class SecondsHistogram {
  private final double[] upperBounds;
  private final LongAdder[] counts;
  private final DoubleAdder seconds = new DoubleAdder();

  /**
   * @param upperBounds of the buckets, in seconds, ascending; a last one takes what is longer
   */
  SecondsHistogram(double[] upperBounds) {
    this.upperBounds = upperBounds.clone();
    this.counts = new LongAdder[upperBounds.length + 1];
    Arrays.setAll(counts, i -> new LongAdder());
  }

  /** Counts something that took so long; what seems to have ended before it began took nothing. */
  public void record(Duration took) {
    record(took, 1);
  }

  /** Counts {@code times} things that each took so long. */
  public void record(Duration took, long times) {
    double each = Math.max(0, took.toNanos() / 1e9);
    counts[bucketOf(each)].add(times);
    seconds.add(each * times);
  }

  private int bucketOf(double each) {
    int bucket = 0;
    while (bucket < upperBounds.length && each > upperBounds[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** How many lie in each bucket, not added up; the last is of what is longer than all bounds. */
  long[] counts() {
    return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
  }

  /** All that was recorded, added up. */
  double seconds() {
    return seconds.sum();
  }

  /** How many were recorded. */
  public long count() {
    return Arrays.stream(counts()).sum();
  }
}
