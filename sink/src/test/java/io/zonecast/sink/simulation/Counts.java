package io.zonecast.sink.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How often each fault, and each change of a checkpoint, has occurred. */
final class Counts {
  /** Changes of checkpoints; the rarest, such as of one that is released while filling, apart. */
  static final List<String> TRANSITIONS =
      Stream.of(
              "none > FILLING",
              "FILLING > LIVE",
              "FILLING, claimed from another",
              "FILLING, marked",
              "LIVE > EVICTED",
              "LIVE > FILLING",
              "LIVE > REFUSED",
              "LIVE > WIPED",
              "LIVE, claimed",
              "LIVE, claimed from another",
              "LIVE, clears suspects",
              "LIVE, lowered",
              "LIVE, marked",
              "LIVE, moves on",
              "LIVE, released")
          .map(its -> "checkpoint " + its)
          .toList();

  /**
   * From one phase of a partition on a node to the next, but for the rarest: mostly a connection
   * ends, and with it the phase. Nodes are not weighed here, and no fill is far enough behind the
   * live records to be followed by another.
   */
  static final List<String> PHASES =
      Stream.of(
              "Unclaimed > Settling",
              "Settling > Filling",
              "Filling > Finishing",
              "Filling > Joining",
              "Finishing > Joining",
              "Joining > Live",
              "Filling > Unclaimed",
              "Live > Unclaimed")
          .map(its -> "phase " + its)
          .toList();

  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  void most(String what, long value) {
    counts.merge(what, value, Math::max);
  }

  void addAll(Counts others) {
    others.counts.forEach(
        (what, times) ->
            counts.merge(what, times, what.startsWith("longest") ? Math::max : Long::sum));
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** What should have occurred and has not: a fault, or a change of a checkpoint or a phase. */
  List<String> missing() {
    return Stream.of(faultNames(), TRANSITIONS.stream(), PHASES.stream())
        .flatMap(its -> its)
        .filter(what -> of(what) == 0)
        .toList();
  }

  /** How many faults there were. */
  long faults() {
    return faultNames().mapToLong(this::of).sum();
  }

  private static Stream<String> faultNames() {
    return Stream.concat(Faults.NAMES.stream(), Scenarios.NAMES.stream())
        .map(its -> "fault: " + its);
  }

  @Override
  public String toString() {
    var lines = new StringBuilder();
    counts.forEach((what, times) -> lines.append("  %-52s %8d%n".formatted(what, times)));
    return lines.toString();
  }
}
