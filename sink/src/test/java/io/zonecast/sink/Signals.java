package io.zonecast.sink;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends signals to processes of the test's own. */
final class Signals {
  private Signals() {}

  static void send(String signal, long pid) {
    try {
      int exit =
          new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("process " + pid + " took no " + signal);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
