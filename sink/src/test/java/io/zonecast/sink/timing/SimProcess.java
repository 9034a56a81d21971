package io.zonecast.sink.timing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated process: the time and the threads of one sink. It can be frozen, as a process that is
 * stopped, and killed: what its threads do from then on reaches nobody.
 */
public final class SimProcess implements Timing {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final Scheduler scheduler;
  private final String name;
  private final List<Sleep> sleeps = new ArrayList<>();
  private long frozenUntilNanos;
  private boolean dead;
  private Runnable look = () -> {};

  private record Sleep(long fromNanos, long toNanos) {}

  public SimProcess(Scheduler scheduler, String name) {
    this.scheduler = scheduler;
    this.name = name;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /** Stops all threads for a time, as SIGSTOP does. */
  public void freezeFor(Duration time) {
    wake();
    frozenUntilNanos = scheduler.nowNanos() + time.toNanos();
    sleeps.add(new Sleep(scheduler.nowNanos(), frozenUntilNanos));
  }

  /** The longest of its sleeps that began after a time; zero if there was none. */
  public Duration longestSleepSince(long nanos) {
    return Duration.ofNanos(
        sleeps.stream()
            .filter(its -> its.fromNanos >= nanos)
            .mapToLong(its -> its.toNanos - its.fromNanos)
            .max()
            .orElse(0));
  }

  public boolean isFrozen() {
    return frozenUntilNanos > scheduler.nowNanos();
  }

  long frozenUntilNanos() {
    return frozenUntilNanos;
  }

  public void wake() {
    if (isFrozen()) {
      Sleep last = sleeps.remove(sleeps.size() - 1);
      sleeps.add(new Sleep(last.fromNanos, scheduler.nowNanos()));
    }
    frozenUntilNanos = 0;
  }

  public void kill() {
    dead = true;
  }

  public boolean isDead() {
    return dead;
  }

  /** Looks at the process whenever one of its threads is about to wait. */
  public void beforeEachWait(Runnable newLook) {
    look = newLook;
  }

  /** Waits until something holds; false if it still does not in time. */
  public boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
    look.run();
    return scheduler.await(condition, scheduler.nowNanos() + atMost.toNanos());
  }

  @Override
  public long nanoTime() {
    return scheduler.nowNanos();
  }

  @Override
  public Instant instant() {
    return START.plusNanos(scheduler.nowNanos());
  }

  @Override
  public Worker start(String thread, Runnable body) {
    Scheduler.Actor actor = scheduler.start(this, thread, body);
    return () -> scheduler.end(actor);
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) throws InterruptedException {
    await(() -> !queue.isEmpty(), atMost);
    return queue.poll();
  }

  @Override
  public <T> T get(CompletableFuture<T> answer, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!await(answer::isDone, atMost)) {
      throw new TimeoutException();
    }
    return answer.get();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    await(() -> false, time);
  }

  @Override
  public String toString() {
    return name;
  }
}
