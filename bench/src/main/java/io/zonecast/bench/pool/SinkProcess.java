package io.zonecast.bench.pool;

import io.zonecast.sandbox.CommandProcess;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** {@code zonecast sink} as a process of its own, to be killed and stopped from outside. */
public final class SinkProcess implements AutoCloseable {
  private final CommandProcess process;
  private final String name;

  private SinkProcess(CommandProcess process, String name) {
    this.process = process;
    this.name = name;
  }

  /** Starts it and does not wait for it to join its group. */
  public static SinkProcess start(ZonecastCommand command, BenchPool pool, String name) {
    return new SinkProcess(
        CommandProcess.start(command.line(pool.arguments("sink", "--http", "none"))), name);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether its group has ever given it a partition. */
  public boolean hasJoined() {
    return process.errors().stream().anyMatch(line -> line.contains(" assigned="));
  }

  /** SIGSTOP. */
  public void pause() {
    process.pause();
  }

  /** SIGCONT. */
  public void resume() {
    process.resume();
  }

  /** When the log first said something of this kind after a moment. */
  public Optional<Instant> saidAfter(Instant moment, String words) {
    return process.errors().stream()
        .filter(line -> line.contains(words))
        .flatMap(line -> timeOf(line).stream())
        .filter(time -> !time.isBefore(moment))
        .findFirst();
  }

  /** The last lines of its log. */
  public String lastWords() {
    List<String> lines = process.errors();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** Everything that its log says. */
  public List<String> log() {
    return process.errors();
  }

  /** SIGKILL. */
  @Override
  public void close() {
    process.close();
  }

  private static Optional<Instant> timeOf(String line) {
    try {
      String time = line.substring(0, Math.max(0, line.indexOf(' ')));
      return Optional.of(OffsetDateTime.parse(time).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
