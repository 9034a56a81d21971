package io.zonecast.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Sends signals to processes that this JVM started. */
public final class Signals {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(1);

  private Signals() {}

  /**
   * Sends the signal of that name, as {@code TERM}.
   *
   * @throws SandboxException if the process is not there any more
   */
  public static void send(String name, long pid) {
    // The shell's own kill: small systems have no other.
    if (!Executables.succeeds(LIMIT, "sh", "-c", "kill -%s %d".formatted(name, pid))) {
      throw new SandboxException(
          "process %d took no SIG%s: it has ended, start it again first".formatted(pid, name));
    }
  }

  /**
   * Sends SIGSTOP and waits until every thread of the process has stopped: kill returns while they
   * may still be running, and one that wakes up just then still answers a request.
   *
   * @throws SandboxException if the process is not there any more or goes on
   */
  public static void stop(long pid) {
    send("STOP", pid);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!isStopped(pid)) {
        if (System.nanoTime() - deadline > 0) {
          throw new SandboxException("process %d goes on %s after SIGSTOP".formatted(pid, LIMIT));
        }
        // Only a parent is told, and by a call that Java does not have.
        Thread.sleep(LOOK_AGAIN.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while process " + pid + " was stopping", e);
    }
  }

  /** Whether no thread of it runs; where the system has no such files (proc(5)), nobody knows. */
  private static boolean isStopped(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.map(thread -> thread.resolve("stat")).toList().stream()
          .noneMatch(Signals::runs);
    } catch (IOException noSuchDirectory) {
      return true;
    }
  }

  private static boolean runs(Path stat) {
    try {
      // "pid (name) state …", and the name may hold anything.
      String line = Files.readString(stat);
      return List.of("R", "S", "D")
          .contains(line.substring(line.lastIndexOf(')') + 2).substring(0, 1));
    } catch (IOException ended) {
      return false;
    }
  }
}
