package io.zonecast.app.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An orderly end on Ctrl-C and SIGTERM. The JVM runs its hooks and then ends with 130 or 143; the
 * hook here tells the command to stop and gives it time to: to abort its transaction, to finish its
 * batch, to end the servers that it started.
 */
public final class Shutdown {
  /**
   * Longer than any step between two looks at the interrupt flag; a second signal does not wait.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private volatile Runnable stop;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  private Shutdown(Runnable stop) {
    this.stop = stop;
  }

  /** Listens to this process's signals; by default, one interrupts the calling thread. */
  public static Shutdown ofProcess() {
    Shutdown shutdown = new Shutdown(Thread.currentThread()::interrupt);
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::signalled, "shutdown"));
    return shutdown;
  }

  /** Hears nothing: for a command that runs inside another program. */
  public static Shutdown deaf() {
    return new Shutdown(() -> {});
  }

  /** Replaces what a signal does. {@code action} may wait for {@link #PATIENCE}, not longer. */
  public void onSignal(Runnable action) {
    stop = action;
    if (requested) {
      action.run();
    }
  }

  /** Does what a signal does, for who runs a command inside another program. */
  public void request() {
    requested = true;
    stop.run();
  }

  /** Whether the process was told to stop: what fails from then on is no news. */
  public boolean requested() {
    return requested;
  }

  private void signalled() {
    if (finished.getCount() == 0) {
      return;
    }
    requested = true;
    stop.run();
    try {
      if (!finished.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("zonecast: did not stop within " + PATIENCE.toSeconds() + " s; ending");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the process. When a signal is being answered, only lets it go on: {@code System.exit}
   * would wait for the hook, and the exit code is the signal's.
   */
  public void exit(int code) {
    finished.countDown();
    if (!requested) {
      System.exit(code);
    }
  }
}
