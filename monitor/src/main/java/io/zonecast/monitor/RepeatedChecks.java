package io.zonecast.monitor;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks again and again, on one thread. One that fails in a way that it does not expect is
 * said in the log, and runs again when it is due; an executor by itself would drop it silently.
 */
public final class RepeatedChecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedChecks.class);

  private final Consumer<Throwable> fatal;
  private final ScheduledExecutorService executor;

  /** Says errors in the log too, and nothing else comes of them. */
  public RepeatedChecks(String thread) {
    this(thread, error -> LOG.error("thread={} failed", thread, error));
  }

  /**
   * @param fatal hears of errors, as of no memory, after which nothing can be relied upon
   */
  public RepeatedChecks(String thread, Consumer<Throwable> fatal) {
    this.fatal = fatal;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var made = new Thread(task, thread);
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Runs a check, for the first time after as long as between two runs.
   *
   * @param name for the log
   */
  public void repeat(String name, Runnable check, long everyMillis) {
    ScheduledFuture<?> next =
        executor.scheduleWithFixedDelay(
            () -> run(name, check), everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    LOG.trace("check={} scheduled {}", name, next);
  }

  private void run(String name, Runnable check) {
    try {
      check.run();
    } catch (RuntimeException e) {
      LOG.error("check={} failed unexpectedly; it runs again when it is due", name, e);
    } catch (Error e) {
      fatal.accept(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
