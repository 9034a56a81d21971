package io.zonecast.bench.faults;

import io.zonecast.bench.measure.Report;
import io.zonecast.bench.stage.ZonecastCommand;
import io.zonecast.sandbox.CommandProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The sinks of a pool, each its own process; one that ends is replaced. */
final class Sinks implements AutoCloseable {
  /** In its log: its group has given it partitions, or none. */
  private static final String HAS_JOINED = " assigned=";

  private static final Pattern PAGE = Pattern.compile(" page=(http://\\S+)");

  private final List<CommandProcess> sinks = new CopyOnWriteArrayList<>();
  private final List<String> arguments;
  private final @Nullable Path logs;
  private int started;
  private int failed;
  private int gaveUp;

  /**
   * Starts them.
   *
   * @param arguments of each
   * @param logs a directory for what they said; null: it is not kept
   */
  Sinks(int count, List<String> arguments, @Nullable Path logs) {
    this.arguments = arguments;
    this.logs = logs;
    for (int i = 0; i < count; i++) {
      sinks.add(startOne());
    }
  }

  private CommandProcess startOne() {
    started++;
    return ZonecastCommand.start("sink-" + started, arguments);
  }

  CommandProcess get(int place) {
    return sinks.get(place);
  }

  int count() {
    return sinks.size();
  }

  /** The addresses of the status pages of those sinks that run and have logged one. Thread-safe. */
  List<String> pages() {
    return sinks.stream()
        .filter(CommandProcess::isAlive)
        .flatMap(sink -> sink.errors().stream().flatMap(line -> PAGE.matcher(line).results()))
        .map(page -> page.group(1))
        .toList();
  }

  /** SIGKILL, and another in its place at once. */
  void replace(int place) {
    end(sinks.get(place));
    sinks.set(place, startOne());
  }

  /**
   * Replaces each sink that has ended by itself. One that finds no broker at its start ends, as
   * documented; one that has joined its group must never end.
   */
  void replaceTheDead(Report report) {
    for (int place = 0; place < sinks.size(); place++) {
      CommandProcess sink = sinks.get(place);
      if (!sink.isAlive()) {
        if (sink.hasSaid(HAS_JOINED)) {
          failed++;
        } else {
          gaveUp++;
        }
        report.say(sink + " ended by itself; it said:\n" + sink.lastWords());
        replace(place);
      }
    }
  }

  /** How many ended before they had joined their group. */
  int gaveUp() {
    return gaveUp;
  }

  /** How many ended after that. */
  int failed() {
    return failed;
  }

  private void end(CommandProcess sink) {
    if (logs != null) {
      try {
        Files.write(logs.resolve(sink + ".log"), sink.errors());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    sink.close();
  }

  @Override
  public void close() {
    sinks.forEach(this::end);
  }
}
