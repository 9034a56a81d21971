package io.zonecast.sink.poll;

import io.zonecast.sink.cache.WriteLease;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stops all writes after this process has slept (stopped, swapped out, in a long collection) for so
 * long that the group may have given its partitions away. A connection opened before never writes
 * again: a process must not write first and notice later.
 *
 * <p>A thread of its own renews the lease ten times a second. Thread-safe.
 */
public final class Lease implements AutoCloseable {
  private static final Duration RENEW_EVERY = Duration.ofMillis(100);

  private final long lengthNanos;
  private final Timing timing;
  private volatile State state;
  private Timing.@Nullable Worker renewing;

  private record State(long generation, long renewedNanos) {}

  /**
   * @param length how long a sleep may be: the group's session time-out less a heartbeat
   */
  public Lease(Duration length, Timing timing) {
    this.lengthNanos = length.toNanos();
    this.timing = timing;
    this.state = new State(0, timing.nanoTime());
  }

  public void start() {
    renew();
    renewing = timing.start("zonecast-lease", this::renewOn);
  }

  /** A lease for a connection opened now; the first sleep ends it for good. */
  public WriteLease forConnection() {
    renew();
    long generation = state.generation;
    return () -> {
      State now = state;
      if (now.generation != generation || timing.nanoTime() - now.renewedNanos > lengthNanos) {
        throw new IOException(
            "this process slept for longer than %d ms: the partitions may be another's"
                .formatted(Duration.ofNanos(lengthNanos).toMillis()));
      }
    };
  }

  synchronized void renew() {
    long now = timing.nanoTime();
    boolean slept = now - state.renewedNanos > lengthNanos;
    state = new State(slept ? state.generation + 1 : state.generation, now);
  }

  @Override
  public void close() {
    if (renewing != null) {
      renewing.end();
    }
  }

  private void renewOn() {
    try {
      while (true) {
        // A thread that only sleeps finds out that the whole process has slept.
        timing.sleep(RENEW_EVERY);
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
