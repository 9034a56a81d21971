package io.zonecast.sink.status;

import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.checkpoint.WaitNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is looked at once a second: the last minute's rate and delay, and changes of what the sink
 * tells only when it is asked. For one thread.
 */
final class StatusTicker implements Runnable {
  private final SinkFigures figures;
  private final Supplier<SinkStatus> status;
  private final Readiness readiness;
  private final LastMinute lastMinute = new LastMinute();
  private long written;
  private long deadLetters;
  private boolean joined;
  private Set<Integer> partitions = Set.of();
  private Map<Integer, WaitNote> waiting = Map.of();

  StatusTicker(SinkFigures figures, Supplier<SinkStatus> status, Readiness readiness) {
    this.figures = figures;
    this.status = status;
    this.readiness = readiness;
  }

  LastMinute lastMinute() {
    return lastMinute;
  }

  @Override
  public void run() {
    long now = figures.written();
    long dead = figures.deadLetters();
    lastMinute.add(new LastMinute.Second(now - written, dead - deadLetters, figures.takeSlowest()));
    written = now;
    deadLetters = dead;
    SinkStatus stands = status.get();
    tellPartitions(stands);
    tellWaiting(stands.waiting());
    // Only a check notes since when the sink has been ready, and no one may have asked just then.
    readiness.check();
  }

  private void tellPartitions(SinkStatus stands) {
    if (stands.joined() != joined || !stands.partitions().equals(partitions)) {
      joined = stands.joined();
      partitions = stands.partitions();
      if (joined) {
        figures.note(
            Severity.PLAIN,
            partitions.isEmpty()
                ? "In the group; no partition is this sink's"
                : "This sink keeps partition"
                    + (partitions.size() == 1 ? " " : "s ")
                    + ranges(partitions));
      }
    }
  }

  private void tellWaiting(Map<Integer, WaitNote> now) {
    now.forEach(
        (partition, at) -> {
          if (!at.equals(waiting.get(partition))) {
            figures.note(Severity.BAD, "Partition " + partition + " waits at " + at);
          }
        });
    waiting.forEach(
        (partition, at) -> {
          if (!now.containsKey(partition)) {
            figures.note(Severity.GOOD, "Partition " + partition + " goes on");
          }
        });
    waiting = Map.copyOf(now);
  }

  /** As {@code 0–5, 7}. */
  static String ranges(Set<Integer> numbers) {
    List<int[]> ranges = new ArrayList<>();
    for (int number : new TreeSet<>(numbers)) {
      int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last[1] == number - 1) {
        last[1] = number;
      } else {
        ranges.add(new int[] {number, number});
      }
    }
    return ranges.stream()
        .map(range -> range[0] == range[1] ? "" + range[0] : range[0] + "–" + range[1])
        .collect(Collectors.joining(", "));
  }
}
