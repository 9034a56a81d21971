package io.zonecast.ingest.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Work that one thread does ahead of another: it puts items into a queue of bounded length, the
 * caller takes them out, and learns of its end or failure in their place.
 */
final class Handover<T> implements AutoCloseable {
  private static final Duration ENDING = Duration.ofSeconds(10);

  private final Work<T> work;
  private final BlockingQueue<Step> steps;
  private final Thread thread;
  private boolean ended;

  /** What the thread does. */
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

  private record Failed(Throwable cause) implements Step {}

  Handover(String name, int queued, Work<T> work) {
    this.work = work;
    steps = new ArrayBlockingQueue<>(queued);
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Waits for the next item; null when there are no more.
   *
   * @throws IOException what the work threw, as is any RuntimeException of it
   */
  @SuppressWarnings("unchecked") // only run() puts items, and all of them are T
  @Nullable T next() throws IOException, InterruptedException {
    if (ended) {
      return null;
    }
    Step step = steps.take();
    if (step instanceof Item more) {
      return (T) more.item;
    }
    ended = true;
    if (step instanceof Failed failed) {
      if (failed.cause instanceof IOException io) {
        throw io;
      }
      if (failed.cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(thread.getName() + " failed", failed.cause);
    }
    return null;
  }

  private void run() {
    Step last;
    try {
      work.run(item -> steps.put(new Item(item)));
      last = new Ended();
    } catch (InterruptedException e) {
      return; // closed: nobody waits for the rest
    } catch (Throwable e) { // the caller's to judge, an OutOfMemoryError too
      last = new Failed(e);
    }
    try {
      steps.put(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the thread and waits for it, so that what it used can be closed. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(ENDING.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
