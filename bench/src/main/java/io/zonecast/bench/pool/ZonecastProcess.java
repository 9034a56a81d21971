package io.zonecast.bench.pool;

import io.zonecast.sandbox.CommandProcess;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@code zonecast} command as a process of its own, to be killed and stopped from outside. */
public final class ZonecastProcess implements AutoCloseable {
  private final CommandProcess process;
  private final String name;

  private ZonecastProcess(CommandProcess process, String name) {
    this.process = process;
    this.name = name;
  }

  /**
   * Starts it and does not wait for it to join its group.
   *
   * @param name as messages are to call it
   */
  public static ZonecastProcess start(
      ZonecastCommand command, List<String> arguments, String name) {
    return new ZonecastProcess(CommandProcess.start(command.line(arguments)), name);
  }

  /** Starts a sink of a pool in this way. */
  public static ZonecastProcess sink(ZonecastCommand command, BenchPool pool, String name) {
    return start(command, pool.arguments("sink", "--http", "none"), name);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Fails if it has ended by itself, with the end of its log. */
  public void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " has ended; it said:\n" + lastWords());
    }
  }

  /** Whether its log has these words anywhere. */
  public boolean hasSaid(String words) {
    return process.errors().stream().anyMatch(line -> line.contains(words));
  }

  /** Waits until its log has these words. */
  public void awaitSaid(String words, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!hasSaid(words)) {
      requireAlive();
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "%s has not said \"%s\" within %s, but:%n%s"
                .formatted(name, words, limit, lastWords()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
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
    return process.lastWords();
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
