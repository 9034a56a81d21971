package io.zonecast.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server or any other command as a process of this machine, to be killed and stopped as an
 * operating system does. It ends with this JVM, however this JVM ends, and its scratch directory
 * with it. What it says is kept for as long as it lives. Not thread-safe.
 *
 * <p>A shell stands between the two and waits on a pipe whose other end only this JVM holds. The
 * kernel closes it on any exit, SIGKILL and the out-of-memory killer included; the shell then kills
 * the process, even a stopped one, and deletes the directory. (Linux's parent-death signal would
 * save the shell, but memcached loses it on giving up root, other systems don't have it, and it
 * fires when the <em>thread</em> that started the child ends.)
 */
public final class CommandProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  /*
   * $1 is the scratch directory, $2 the container or nothing, the rest the command. The shell makes
   * the directory, says so with an empty line and waits for a word: so no moment is left in which
   * the end of this JVM would leave the directory behind. Its second line is the process id. It
   * gives up its own stdout then, so that end of file there means that the child has ended; a child
   * that had ended by itself leaves its exit code.
   */
  private static final String WATCHDOG =
      """
      trap '' INT TERM HUP
      scratch=$1 container=$2 word=
      shift 2
      mkdir -p -m 700 "$scratch" && echo && read -r word
      if [ "$word" = go ]; then
        sh -c 'echo $$; exec "$@"' sh "$@" </dev/null 2>>"$scratch/stderr.log" &
        child=$!
        exec >/dev/null 2>&1
        word=
        read -r word
        kill -KILL "$child"
        wait "$child"
        code=$?
        [ -z "$container" ] || docker rm -f "$container"
      fi
      [ "$word" = keep ] || rm -rf "$scratch"
      exit "${code:-1}"
      """;

  private final String name;
  private final Process watchdog;
  private final Optional<String> container;
  private final Path errors;
  private final List<String> printed = Collections.synchronizedList(new ArrayList<>());
  private final Thread reader = new Thread(this::readLines, "sandbox-stdout");
  private final long pid;
  private volatile boolean stdoutClosed;

  /** What a command that has ended by itself leaves. */
  public record Ended(int exitCode, String out, String err) {}

  /** Writes what a command needs into its directory, which is empty before its first start. */
  interface Preparation {
    void writeInto(Path scratch) throws IOException;
  }

  private CommandProcess(
      String name,
      Process watchdog,
      Optional<String> container,
      Path scratch,
      Preparation preparation)
      throws IOException {
    this.name = name;
    this.watchdog = watchdog;
    this.container = container;
    this.errors = scratch.resolve("stderr.log");
    reader.setDaemon(true);
    reader.start();
    String trouble = nextLine();
    if (!trouble.isEmpty()) {
      throw new SandboxException("%s cannot have its directory: %s".formatted(name, trouble));
    }
    try {
      preparation.writeInto(scratch);
      watchdog.outputWriter().append("go\n").flush();
    } catch (IOException e) {
      close();
      throw e;
    }
    this.pid = Long.parseLong(nextLine());
  }

  private String nextLine() {
    await("started", () -> !printed.isEmpty(), LIMIT);
    return printed.remove(0);
  }

  /**
   * A directory that is not there yet, for one command.
   *
   * @param what it is, for whoever finds the directory
   */
  static Path scratch(String what) {
    return Path.of(System.getProperty("java.io.tmpdir"))
        .resolve("zonecast-%s-%s".formatted(what, UUID.randomUUID()));
  }

  /**
   * Starts a command, and returns as soon as there is a process; a shell's {@code exec} is one.
   *
   * @param name as messages are to call it
   */
  public static CommandProcess start(String name, List<String> command) {
    return start(name, ServerCommand.process(command), scratch("command"), directory -> {});
  }

  /**
   * Starts a class with a main method in a JVM of its own.
   *
   * @param options of the JVM; its class path is this JVM's unless they name another
   */
  public static CommandProcess startJava(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Executables.java(), "-XX:+UseSerialGC", "-cp", classPath()));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return start(main.getSimpleName(), command);
  }

  /** This JVM's; Surefire may have put a jar of its own in its place. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /**
   * Starts {@code server}.
   *
   * @param scratch made for it if it is not there, and deleted with it; its stderr is kept there
   */
  static CommandProcess start(
      String name, ServerCommand server, Path scratch, Preparation preparation) {
    List<String> watched = new ArrayList<>();
    // A session of its own: Ctrl-C in a terminal must end the command, which then ends its servers
    // in order, and not all of them at once.
    Executables.find("setsid").ifPresent(setsid -> watched.add(setsid.toString()));
    watched.addAll(List.of("sh", "-c", WATCHDOG, "watchdog", scratch.toString()));
    watched.add(server.container().orElse(""));
    watched.addAll(server.command());
    try {
      Process process = new ProcessBuilder(watched).redirectErrorStream(true).start();
      return new CommandProcess(name, process, server.container(), scratch, preparation);
    } catch (IOException e) {
      throw new SandboxException("cannot start %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  public long pid() {
    return pid;
  }

  public boolean isAlive() {
    // The watchdog waits for a word and not for its child, which stays a zombie until then.
    return !stdoutClosed && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Fails if it has ended by itself, with the end of its log. */
  public void requireAlive() {
    if (!isAlive()) {
      throw new SandboxException("%s has ended; it said:%n%s".formatted(name, lastWords()));
    }
  }

  /** Whether it has printed this line on stdout. */
  boolean hasPrinted(String line) {
    return printed.contains(line);
  }

  /** Whether it has said these words anywhere on stderr. */
  public boolean hasSaid(String words) {
    return errors().stream().anyMatch(line -> line.contains(words));
  }

  /** Waits until it has said these words on stderr; ends it if it does not. */
  public void awaitSaid(String words, Duration atMost) {
    await("said \"%s\"".formatted(words), () -> hasSaid(words), atMost);
  }

  /** Waits until it serves; ends it if it does not. */
  void awaitAnswer(BooleanSupplier answers, Duration atMost) {
    await("answered", answers, atMost);
  }

  /** Waits until it ends by itself; it need not be closed then. */
  public Ended awaitEnd(Duration atMost) {
    await("ended", () -> !isAlive(), atMost);
    try {
      reader.join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    String said = String.join("\n", errors());
    return new Ended(end(""), String.join("\n", printed), said);
  }

  private void await(String what, BooleanSupplier reached, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!reached.getAsBoolean()) {
      boolean ended = stdoutClosed && !reached.getAsBoolean();
      if (ended || System.nanoTime() - deadline > 0) {
        String said = lastWords();
        close();
        throw new SandboxException(
            "%s has %s; it said:%n%s"
                .formatted(name, ended ? "ended" : "not " + what + " within " + atMost, said));
      }
      try {
        TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** Stops the process as SIGSTOP does: connections stay open and nothing answers from now on. */
  public void pause() {
    container.ifPresentOrElse(it -> docker("pause", it), () -> Signals.stop(pid));
  }

  /** Goes on as after SIGCONT. */
  public void resume() {
    container.ifPresentOrElse(it -> docker("unpause", it), () -> Signals.send("CONT", pid));
  }

  /** Tells the process to end in good order, as SIGUSR1 tells memcached, and waits until it has. */
  void finish() {
    container.ifPresentOrElse(
        it -> docker("kill --signal=USR1", it), () -> Signals.send("USR1", pid));
    await("ended after SIGUSR1", () -> !isAlive(), LIMIT);
  }

  /** Ends the process as SIGKILL does and waits until it has gone; its directory stays. */
  public void kill() {
    if (isAlive()) {
      Signals.send("KILL", pid);
      await("ended after SIGKILL", () -> !isAlive(), LIMIT);
    }
  }

  /** Leaves the directory of one that was killed to whoever starts it again. */
  void release() {
    end("keep\n");
  }

  /** Ends the process as SIGKILL does and deletes its directory, and what it said with it. */
  @Override
  public void close() {
    end("");
  }

  /** The last lines that the process wrote to stderr, for a message about why it is not there. */
  public String lastWords() {
    if (!Files.exists(errors)) {
      return "(no output: its directory is gone)";
    }
    List<String> all = errors();
    return String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
  }

  /** Everything that the process has said on stderr so far. */
  public List<String> errors() {
    try {
      // Not as lines, which refuses a character that has been written by half.
      return new String(Files.readAllBytes(errors), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the exit code. */
  private int end(String lastWord) {
    try (Writer stdin = watchdog.outputWriter()) {
      stdin.write(lastWord);
    } catch (IOException alreadyEnded) {
      // The watchdog is gone, and so is what it watched.
    }
    try {
      if (!watchdog.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new SandboxException("%s did not end within %s of SIGKILL".formatted(name, LIMIT));
      }
      return watchdog.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private SandboxException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SandboxException("interrupted while waiting for " + name, e);
  }

  private static void docker(String verb, String container) {
    String command = "docker %s %s".formatted(verb, container);
    if (!Executables.succeeds(LIMIT, command.split(" ", -1))) {
      throw new SandboxException(
          "no effect: %s; the server has ended, restart it first".formatted(command));
    }
  }

  /** Reads to the end, or the process would one day block on a full pipe. */
  private void readLines() {
    try (BufferedReader lines = watchdog.inputReader()) {
      lines.lines().forEach(printed::add);
    } catch (IOException | UncheckedIOException closed) {
      // Ended, as below.
    }
    stdoutClosed = true;
  }

  @Override
  public String toString() {
    return name;
  }
}
