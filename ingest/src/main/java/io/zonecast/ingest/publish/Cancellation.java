package io.zonecast.ingest.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Lets another thread stop the work of this one, up to the commit and not from there on. Stopping
 * is an interrupt, which Kafka's clients, queues and files all heed.
 */
final class Cancellation {
  private boolean cancelled;
  private boolean committing;
  private @Nullable Thread worker;
  private CountDownLatch idle = new CountDownLatch(0);

  /** What can be stopped. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException, PublishException, InterruptedException;
  }

  <T> T run(Work<T> work) throws IOException, PublishException, InterruptedException {
    begin();
    try {
      return work.run();
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (IOException | PublishException | RuntimeException e) {
      // An interrupt shows itself in many ways, a closed channel among them; but none during the
      // commit, whose failure says itself what is known.
      if (isInterrupted()) {
        throw interrupted(e);
      }
      throw e;
    } finally {
      end();
    }
  }

  /** From here on an interrupt of ours is too late. */
  synchronized void beginCommit() throws InterruptedException {
    if (cancelled || Thread.interrupted()) {
      throw new InterruptedException("stopped before the commit: nothing is published");
    }
    committing = true;
  }

  boolean cancel(Duration patience) {
    CountDownLatch done;
    synchronized (this) {
      cancelled = true;
      done = idle;
      if (worker != null && !committing) {
        worker.interrupt();
      }
    }
    try {
      return done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void begin() throws InterruptedException {
    if (worker != null) {
      throw new IllegalStateException("in use by thread " + worker.getName());
    }
    if (cancelled) {
      throw new InterruptedException("stopped before it began");
    }
    worker = Thread.currentThread();
    committing = false;
    idle = new CountDownLatch(1);
  }

  private synchronized void end() {
    worker = null;
    idle.countDown();
  }

  private synchronized boolean isInterrupted() {
    return cancelled && !committing;
  }

  private static InterruptedException interrupted(Exception cause) {
    // The exception says it; the flag would only disturb whatever cleans up.
    Thread.interrupted();
    InterruptedException interrupted = new InterruptedException("stopped: nothing is published");
    interrupted.initCause(cause);
    return interrupted;
  }
}
