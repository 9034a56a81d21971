package io.zonecast.sink.timing;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Time, threads, and every wait of one thread for another. A test with one of its own runs the
 * threads of a whole sink one at a time, in an order that it chooses and under a clock that it
 * sets. Thread-safe.
 */
public interface Timing extends InstantSource {
  /** The real time, and real threads. */
  Timing SYSTEM = new SystemTiming();

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Starts a daemon thread. */
  Worker start(String name, Runnable body);

  /** Takes the head of the queue, waiting for it; null if there is none in time. */
  <T> @Nullable T poll(BlockingQueue<T> queue, Duration atMost) throws InterruptedException;

  /**
   * Waits for an answer.
   *
   * @throws ExecutionException if it is a failure, with that as its cause
   * @throws TimeoutException if it does not come in time
   */
  <T> T get(CompletableFuture<T> answer, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException;

  void sleep(Duration time) throws InterruptedException;

  /** A thread that was started. */
  interface Worker {
    /** Interrupts the thread and waits for its end; interrupted itself, no longer. */
    void end();
  }
}
