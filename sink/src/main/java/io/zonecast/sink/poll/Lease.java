package io.zonecast.sink.poll;

import io.zonecast.sink.cache.WriteLease;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that this process has slept (stopped, swapped out, in a long collection) for so long that
 * the group may have given its partitions away, and keeps every connection of before from writing
 * even once: a process must not write first and notice later.
 *
 * <p>A thread of its own renews it ten times a second. Thread-safe.
 */
public final class Lease implements AutoCloseable {
  private static final Duration RENEW_EVERY = Duration.ofMillis(100);

  private final long lengthNanos;
  private final LongSupplier nanoTime;
  private final Thread thread = new Thread(this::renewOn, "zonecast-lease");
  private volatile State state;

  private record State(long generation, long renewedNanos) {}

  /**
   * @param length how long a sleep may be; less than the group's session time-out by a heartbeat
   */
  public Lease(Duration length, LongSupplier nanoTime) {
    this.lengthNanos = length.toNanos();
    this.nanoTime = nanoTime;
    this.state = new State(0, nanoTime.getAsLong());
    thread.setDaemon(true);
  }

  public void start() {
    renew();
    thread.start();
  }

  /** A lease for a connection opened now: it ends for good with the first sleep. */
  public WriteLease forConnection() {
    renew();
    long generation = state.generation;
    return () -> {
      State now = state;
      if (now.generation != generation || nanoTime.getAsLong() - now.renewedNanos > lengthNanos) {
        throw new IOException(
            "this process slept for longer than %d ms: the partitions may be another's"
                .formatted(Duration.ofNanos(lengthNanos).toMillis()));
      }
    };
  }

  synchronized void renew() {
    long now = nanoTime.getAsLong();
    boolean slept = now - state.renewedNanos > lengthNanos;
    state = new State(slept ? state.generation + 1 : state.generation, now);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void renewOn() {
    try {
      while (true) {
        // A thread that only sleeps is what finds out that the whole process has slept.
        Thread.sleep(RENEW_EVERY.toMillis());
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
