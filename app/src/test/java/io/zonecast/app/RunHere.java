package io.zonecast.app;

import ch.qos.logback.classic.LoggerContext;
import io.zonecast.app.logging.Logs;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Shutdown;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * The command within this process, on a thread of its own, with all that a process would write: its
 * answers and messages, and the log. One at a time.
 */
final class RunHere implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(45);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream processErr = System.err;
  private final long startNanos = System.nanoTime();
  private final Thread thread;
  private volatile int exitCode = -1;
  private volatile Duration took = Duration.ZERO;

  private RunHere(Map<String, String> environment, List<String> arguments) {
    PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console = Console.of(new PrintStream(out, true, StandardCharsets.UTF_8), errStream);
    System.setErr(errStream);
    asInANewProcess();
    this.thread =
        new Thread(
            () -> {
              exitCode =
                  new Zonecast(console, withoutHttp(environment), Shutdown.deaf()).run(arguments);
              took = Duration.ofNanos(System.nanoTime() - startNanos);
            },
            "zonecast-here");
  }

  /** Several sinks run at a time, and one may only take the usual port. */
  private static Map<String, String> withoutHttp(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(Map.of("ZONECAST_HTTP", "none"));
    all.putAll(environment);
    return all;
  }

  static RunHere start(Map<String, String> environment, String... arguments) {
    RunHere run = new RunHere(environment, List.of(arguments));
    run.thread.start();
    return run;
  }

  /** Runs it to its end. */
  static RunHere toTheEnd(Map<String, String> environment, String... arguments)
      throws InterruptedException {
    try (RunHere run = start(environment, arguments)) {
      run.thread.join(LIMIT.toMillis());
      if (run.thread.isAlive()) {
        throw new AssertionError(
            String.join(" ", arguments) + " does not end; so far:\n" + run.err());
      }
      return run;
    }
  }

  boolean isRunning() {
    return thread.isAlive();
  }

  int exitCode() {
    return exitCode;
  }

  Duration took() {
    return took;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Everything, as a search wants it. */
  String all() {
    return out() + err();
  }

  /** A command changes the logging once in the life of a process. */
  private static void asInANewProcess() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Logs logs = new Logs();
    logs.setContext(context);
    logs.configure(context);
  }

  /** Interrupts what still runs, and waits for it. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.setErr(processErr);
    asInANewProcess();
  }
}
