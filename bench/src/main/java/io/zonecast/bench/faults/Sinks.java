package io.zonecast.bench.faults;

import io.zonecast.sandbox.CommandProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The sinks of a pool as processes, of which each place always has one. */
final class Sinks implements AutoCloseable {
  /** In its log: its group has given it partitions, or none. */
  private static final String HAS_JOINED = " assigned=";

  private static final Pattern PAGE = Pattern.compile(" page=(http://\\S+)");

  private final List<CommandProcess> sinks = new CopyOnWriteArrayList<>();
  private final Function<String, CommandProcess> starter;
  private final Consumer<CommandProcess> ended;
  private int started;
  private int failed;
  private int gaveUp;

  /**
   * Starts them.
   *
   * @param starter starts one under a name
   * @param ended sees each that is about to be done away with
   */
  Sinks(int count, Function<String, CommandProcess> starter, Consumer<CommandProcess> ended) {
    this.starter = starter;
    this.ended = ended;
    for (int i = 0; i < count; i++) {
      sinks.add(startOne());
    }
  }

  private CommandProcess startOne() {
    started++;
    return starter.apply("sink-" + started);
  }

  CommandProcess get(int place) {
    return sinks.get(place);
  }

  int count() {
    return sinks.size();
  }

  /** Where their status pages are, of those that run and have said so. Thread-safe. */
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
   * Puts another in the place of each that has ended by itself. One that finds no broker when it is
   * started ends, as it says, and is not to blame; one that has been at work should never end.
   */
  void replaceTheDead(Consumer<String> said) {
    for (int place = 0; place < sinks.size(); place++) {
      CommandProcess sink = sinks.get(place);
      if (!sink.isAlive()) {
        if (sink.hasSaid(HAS_JOINED)) {
          failed++;
        } else {
          gaveUp++;
        }
        said.accept(sink + " ended by itself; it said:\n" + sink.lastWords());
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
    ended.accept(sink);
    sink.close();
  }

  @Override
  public void close() {
    sinks.forEach(this::end);
  }
}
