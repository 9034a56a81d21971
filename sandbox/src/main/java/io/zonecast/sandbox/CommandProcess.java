package io.zonecast.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Any command as a process of this machine, to be killed and stopped as an operating system does.
 * It ends with this JVM, however this JVM ends. What it prints is dropped, what it says on stderr
 * is kept for as long as it lives. Not thread-safe.
 */
public final class CommandProcess implements AutoCloseable {
  private final ChildProcess process;
  private final Path errors;

  private CommandProcess(ChildProcess process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts a command and returns as soon as there is a process; a shell's {@code exec} is one. */
  public static CommandProcess start(List<String> command) {
    try (ScratchGuard guard = ScratchGuard.make("zonecast-command-")) {
      Path scratch = guard.directory();
      return new CommandProcess(
          ChildProcess.start(ServerCommand.process(command), scratch),
          scratch.resolve(ChildProcess.ERRORS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
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

  /** SIGSTOP: connections stay open and nothing answers. */
  public void pause() {
    process.pause();
  }

  /** SIGCONT. */
  public void resume() {
    process.resume();
  }

  /** SIGKILL, and what the process said is gone with it. */
  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return "process " + process.pid();
  }
}
