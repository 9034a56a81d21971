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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A server or any other command as a process of this machine, to be killed and stopped as an
 * operating system does. It ends with this JVM, however this JVM ends, and its scratch directory
 * with it. What it says on stderr is kept for as long as it lives. Not thread-safe.
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

  /** What {@link #lines} holds once the process has closed its stdout, most likely by ending. */
  private static final Optional<String> END = Optional.empty();

  /*
   * $1 is the scratch directory, $2 the container or nothing, the rest the command. Its first line
   * of output is the process id. The shell gives up its own stdout, so that end of file there means
   * that the child has ended.
   */
  private static final String WATCHDOG =
      """
      trap '' INT TERM HUP
      scratch=$1 container=$2
      shift 2
      sh -c 'echo $$; exec "$@"' sh "$@" </dev/null &
      child=$!
      exec >/dev/null 2>&1
      word=
      read -r word
      kill -KILL "$child"
      wait "$child"
      [ -z "$container" ] || docker rm -f "$container"
      [ "$word" = keep ] || rm -rf "$scratch"
      """;

  private final Process watchdog;
  private final Optional<String> container;
  private final Path output;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private final long pid;
  private volatile boolean stdoutClosed;

  private CommandProcess(Process watchdog, Optional<String> container, Path output) {
    this.watchdog = watchdog;
    this.container = container;
    this.output = output;
    Thread reader = new Thread(this::readLines, "sandbox-stdout");
    reader.setDaemon(true);
    reader.start();
    this.pid = Long.parseLong(nextLine(LIMIT));
  }

  /**
   * Starts a command, whose output is dropped, and returns as soon as there is a process; a shell's
   * {@code exec} is one.
   */
  public static CommandProcess start(List<String> command) {
    try (ScratchGuard guard = ScratchGuard.make("zonecast-command-")) {
      return start(ServerCommand.process(command), guard.directory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code command}; its stderr is kept in {@code scratch}, which is deleted with it. */
  static CommandProcess start(ServerCommand server, Path scratch) {
    Path output = scratch.resolve("stderr.log");
    List<String> watched = new ArrayList<>();
    // A session of its own: Ctrl-C in a terminal must end the command, which then ends its servers
    // in order, and not all of them at once.
    Executables.find("setsid").ifPresent(setsid -> watched.add(setsid.toString()));
    watched.addAll(List.of("sh", "-c", WATCHDOG, "watchdog", scratch.toString()));
    watched.add(server.container().orElse(""));
    watched.addAll(server.command());
    try {
      Process process =
          new ProcessBuilder(watched)
              .redirectError(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      return new CommandProcess(process, server.container(), output);
    } catch (IOException e) {
      throw new SandboxException(
          "cannot start " + server.command().get(0) + ": " + e.getMessage(), e);
    }
  }

  public long pid() {
    return pid;
  }

  public boolean isAlive() {
    // The watchdog waits for a word and not for its child, which stays a zombie until then.
    return !stdoutClosed && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Waits until the process prints {@code line}. */
  void awaitLine(String line, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!nextLine(Duration.ofNanos(deadline - System.nanoTime())).equals(line)) {
      // Anything else that a server prints is of no interest.
    }
  }

  /**
   * Waits until it serves; ends it if it does not in time, or has ended.
   *
   * @param server what it is and where it should answer, for the message
   */
  void awaitAnswer(String server, BooleanSupplier answers, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!answers.getAsBoolean()) {
      if (!isAlive() || System.nanoTime() - deadline > 0) {
        String said = lastWords();
        close();
        throw new SandboxException(
            "%s does not answer; its last words:%n%s".formatted(server, said));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
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
    try {
      Optional<String> line = lines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      while (line != null && !line.equals(END)) {
        line = lines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
      if (line == null) {
        throw new SandboxException(
            "process %d did not end within %s of SIGUSR1; %s".formatted(pid, LIMIT, lastWords()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while process " + pid + " was ending", e);
    }
  }

  /** Ends the process as SIGKILL does and waits until it is gone; its directory stays. */
  void kill() {
    end("keep\n");
  }

  /** Ends the process as SIGKILL does and deletes its directory, and what it said with it. */
  @Override
  public void close() {
    end("");
  }

  /** The last lines that the process wrote to stderr, for a message about why it is not there. */
  public String lastWords() {
    if (!Files.exists(output)) {
      return "(no output: its directory is gone)";
    }
    List<String> all = errors();
    return String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
  }

  /** Everything that the process has said on stderr so far. */
  public List<String> errors() {
    try {
      // Not as lines, which refuses a character that has been written by half.
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(String lastWord) {
    try (Writer stdin = watchdog.outputWriter()) {
      stdin.write(lastWord);
    } catch (IOException alreadyEnded) {
      // The watchdog is gone, and so is what it watched.
    }
    try {
      if (!watchdog.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new SandboxException(
            "process %d did not end within %s of SIGKILL".formatted(pid, LIMIT));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while process " + pid + " was ending", e);
    }
  }

  private static void docker(String verb, String container) {
    String command = "docker %s %s".formatted(verb, container);
    if (!Executables.succeeds(LIMIT, command.split(" ", -1))) {
      throw new SandboxException(
          "no effect: %s; the server has ended, restart it first".formatted(command));
    }
  }

  private String nextLine(Duration atMost) {
    try {
      Optional<String> line = lines.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      if (line == null) {
        String said = lastWords();
        close();
        throw new SandboxException("no word from the process within its time; " + said);
      }
      return line.orElseThrow(
          () -> new SandboxException("the process ended; its last words:\n" + lastWords()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while a process was starting", e);
    }
  }

  /** Reads to the end, or the process would one day block on a full pipe. */
  private void readLines() {
    try (BufferedReader reader = watchdog.inputReader()) {
      String line = reader.readLine();
      while (line != null) {
        lines.add(Optional.of(line));
        line = reader.readLine();
      }
    } catch (IOException closed) {
      // Ended, as below.
    }
    stdoutClosed = true;
    lines.add(END);
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
