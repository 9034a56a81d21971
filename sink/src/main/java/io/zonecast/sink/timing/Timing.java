package io.zonecast.sink.timing;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gives time, threads, and every wait of one thread for another. The simulation implements it to
 * run a whole sink's threads one at a time, in an order and under a clock of its own. Thread-safe.
 */
public interface Timing extends InstantSource {
  /** The real time, and real threads. */
  Timing SYSTEM = new SystemTiming();

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Starts a daemon thread. */
  Worker start(String name, Runnable body);

  /** Waits for the head of the queue; null if none comes in time. */
  <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) throws InterruptedException;

  /**
   * Waits for an answer.
   *
   * @throws ExecutionException if it is a failure, which is the cause
   * @throws TimeoutException if it does not come in time
   */
  <T> T get(CompletableFuture<T> answer, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException;

  void sleep(Duration time) throws InterruptedException;

  /** A thread that was started. */
  interface Worker {
    /** Interrupts the thread and waits for its end, unless the caller is interrupted. */
    void end();
  }
}
