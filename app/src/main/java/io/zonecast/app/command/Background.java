package io.zonecast.app.command;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that goes on until it is ended, on a thread of its own beside a command. */
public final class Background implements AutoCloseable {
  private final FutureTask<Void> run;
  private final Runnable end;
  private final Thread thread;

  private Background(String name, Callable<Void> work, Runnable end) {
    this.run = new FutureTask<>(work);
    this.end = end;
    this.thread = new Thread(run, name);
  }

  /** What may fail. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /**
   * Begins {@code work}.
   *
   * @param end has it come to its end in good order; called by another thread
   */
  public static Background start(String thread, Work work, Runnable end) {
    Background started =
        new Background(
            thread,
            () -> {
              work.run();
              return null;
            },
            end);
    started.thread.start();
    return started;
  }

  /**
   * Whether it still goes on.
   *
   * @throws RuntimeException what it failed with, if it did
   */
  public boolean isRunning() {
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

  /** Ends it in good order, and waits for it. */
  @Override
  public void close() {
    end.run();
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
