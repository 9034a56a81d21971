package io.zonecast.app;

import io.zonecast.sink.Sink;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A sink on a thread of its own, for a command that does something beside it. */
final class BackgroundSink implements AutoCloseable {
  private final Sink sink;
  private final FutureTask<Void> run;
  private final Thread thread;

  private BackgroundSink(Sink sink) {
    this.sink = sink;
    this.run =
        new FutureTask<>(
            () -> {
              sink.run();
              return null;
            });
    this.thread = new Thread(run, "zonecast-sink");
  }

  static BackgroundSink start(Sink sink) {
    BackgroundSink started = new BackgroundSink(sink);
    started.thread.start();
    return started;
  }

  Sink sink() {
    return sink;
  }

  /**
   * Whether it still runs.
   *
   * @throws RuntimeException what it failed with, if it did
   */
  boolean isRunning() {
    if (!run.isDone()) {
      return true;
    }
    throwIfFailed();
    return false;
  }

  private void throwIfFailed() {
    try {
      run.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the sink in good order, and waits for it. */
  @Override
  public void close() {
    sink.close();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
