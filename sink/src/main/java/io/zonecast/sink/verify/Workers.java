package io.zonecast.sink.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Threads for the steps of a comparison, which end with it. */
final class Workers implements AutoCloseable {
  private static final Duration ENDING = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newCachedThreadPool(Workers::daemon);

  /**
   * Does one step for each item, all at once, and waits for them.
   *
   * @throws RuntimeException what the first that failed threw
   */
  <T> void each(Collection<T> items, Consumer<T> step) throws InterruptedException {
    List<Future<?>> steps = new ArrayList<>();
    for (T item : items) {
      steps.add(threads.submit(() -> step.accept(item)));
    }
    for (Future<?> each : steps) {
      try {
        each.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        throw new IllegalStateException("the comparison failed: " + e.getMessage(), e.getCause());
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "zonecast-verify");
    thread.setDaemon(true);
    return thread;
  }

  /** Interrupts what is under way and waits for it, so that what it used can be closed. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(ENDING.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
