package io.zonecast.ingest.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Work that other threads do ahead of the caller: they put items into a queue of bounded length,
 * the caller takes them out, those of one thread in their order, and learns of an end or a failure
 * in their place.
 */
final class ReadAhead<T> implements AutoCloseable {
  private static final Duration ENDING = Duration.ofSeconds(10);

  private final BlockingQueue<Step> steps;
  private final List<Thread> threads;
  private int running;

  /** What a thread does. */
  @FunctionalInterface
  interface Work<T> {
    void run(Out<T> out) throws IOException, InterruptedException;
  }

  /** Where it puts items; waits while the queue is full. */
  @FunctionalInterface
  interface Out<T> {
    void put(T item) throws InterruptedException;
  }

  private sealed interface Step {}

  private record Item(Object item) implements Step {}

  private record Ended() implements Step {}

  private record Failed(String thread, Throwable cause) implements Step {}

  /**
   * Starts nothing yet.
   *
   * @param works one for each thread
   */
  ReadAhead(String name, int queued, List<? extends Work<T>> works) {
    steps = new ArrayBlockingQueue<>(queued);
    threads = works.stream().map(work -> new Thread(() -> run(work), name)).toList();
    threads.forEach(thread -> thread.setDaemon(true));
    running = threads.size();
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Waits for the next item; null when there are no more.
   *
   * @throws IOException what the work threw, as is any RuntimeException of it
   */
  @SuppressWarnings("unchecked") // only run() puts items, and all of them are T
  @Nullable T next() throws IOException, InterruptedException {
    while (running > 0) {
      Step step = steps.take();
      if (step instanceof Item more) {
        return (T) more.item;
      }
      running--;
      if (step instanceof Failed failed) {
        running = 0;
        if (failed.cause instanceof IOException io) {
          throw io;
        }
        if (failed.cause instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        throw new IllegalStateException(failed.thread + " failed", failed.cause);
      }
    }
    return null;
  }

  private void run(Work<T> work) {
    Step last;
    try {
      work.run(item -> steps.put(new Item(item)));
      last = new Ended();
    } catch (InterruptedException e) {
      return; // closed: nobody waits for the rest
    } catch (Throwable e) { // the caller's to judge, an OutOfMemoryError too
      last = new Failed(Thread.currentThread().getName(), e);
    }
    try {
      steps.put(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the threads and waits for them, so that what they used can be closed. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    boolean interrupted = Thread.interrupted();
    try {
      for (Thread thread : threads) {
        thread.join(ENDING.toMillis());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
