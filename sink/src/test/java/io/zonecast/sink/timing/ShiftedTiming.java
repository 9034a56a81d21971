package io.zonecast.sink.timing;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Real threads and waits, at another time. */
public final class ShiftedTiming implements Timing {
  /** How much later the wall clock says that it is. */
  public volatile Duration later = Duration.ZERO;

  /** How much more time seems to have passed. */
  public volatile Duration passed = Duration.ZERO;

  private final @Nullable Instant fixed;

  private ShiftedTiming(@Nullable Instant fixed) {
    this.fixed = fixed;
  }

  /** The wall clock stands still, but for what is added. */
  public static ShiftedTiming fixedAt(Instant time) {
    return new ShiftedTiming(time);
  }

  public static ShiftedTiming by(Duration later) {
    var timing = new ShiftedTiming(null);
    timing.later = later;
    return timing;
  }

  @Override
  public Instant instant() {
    return (fixed == null ? SYSTEM.instant() : fixed).plus(later);
  }

  @Override
  public long nanoTime() {
    return SYSTEM.nanoTime() + passed.toNanos();
  }

  @Override
  public Worker start(String name, Runnable body) {
    return SYSTEM.start(name, body);
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) throws InterruptedException {
    return SYSTEM.poll(queue, atMost);
  }

  @Override
  public <T> T get(CompletableFuture<T> answer, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException {
    return SYSTEM.get(answer, atMost);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    SYSTEM.sleep(time);
  }
}
