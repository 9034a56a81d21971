package io.zonecast.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command as a process of its own, by the launcher that users have. */
final class RunningCommand implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path ENV = Path.of("/usr/bin/env");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final Path out;
  private final Path err;

  private RunningCommand(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static RunningCommand start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(ROOT.resolve("zonecast"), environment, arguments);
  }

  static RunningCommand start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(ENV)) {
      // A shell that starts Maven in the background has its children ignore Ctrl-C.
      command.addAll(List.of(ENV.toString(), "--default-signal=INT"));
    }
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("zonecast-test-", ".out");
    Path err = Files.createTempFile("zonecast-test-", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ZONECAST_"));
    // Maven is building just now: the launcher must take what is there.
    builder.environment().put("ZONECAST_NO_BUILD", "1");
    // Several sinks run at a time, and one may only take the usual port.
    builder.environment().put("ZONECAST_HTTP", "none");
    // As the tests' own JVMs: it lives for seconds.
    builder.environment().put("ZONECAST_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    builder.environment().putAll(environment);
    return new RunningCommand(builder.start(), out, err);
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** The processes that it has started, and those that they have. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /** As Ctrl-C and {@code kill} do. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  /** Waits for the end. */
  Ran awaitEnd() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + out() + err());
    }
    return new Ran(process.exitValue(), out(), err());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(out);
    Files.deleteIfExists(err);
  }
}
