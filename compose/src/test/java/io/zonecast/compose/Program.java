package io.zonecast.compose;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of this machine, run to its end and for no longer than it may. */
final class Program {
  private Program() {}

  /** What it printed, and how it ended. */
  record Ran(List<String> command, int exitCode, String out, String err) {
    boolean succeeded() {
      return exitCode == 0;
    }

    /** Standard output, without the end of its last line. */
    String answer() {
      return out.strip();
    }

    /** This, if it succeeded. */
    Ran orFail() {
      if (!succeeded()) {
        throw new AssertionError(toString());
      }
      return this;
    }

    @Override
    public String toString() {
      return "%s: exit code %d%n%s%s".formatted(String.join(" ", command), exitCode, out, err);
    }
  }

  /** Runs it with these variables beside this process's, of which none is for Zonecast. */
  static Ran run(Duration atMost, Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("zonecast-compose-", ".out");
      Path err = Files.createTempFile("zonecast-compose-", ".err");
      try {
        return run(atMost, environment, command, out, err);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Ran run(
      Duration atMost, Map<String, String> environment, List<String> command, Path out, Path err)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(ZONECAST|COMPOSE)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "%s: not at its end after %s%n%s"
                .formatted(String.join(" ", command), atMost, read(err)));
      }
      return new Ran(command, process.exitValue(), read(out), read(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + String.join(" ", command), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
