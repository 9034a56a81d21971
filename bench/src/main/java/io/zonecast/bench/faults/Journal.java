package io.zonecast.bench.faults;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was done when, to be read beside the sinks' logs where something was found. */
final class Journal {
  private final List<Entry> entries = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private final Instant start = Instant.now();

  private record Entry(long nanos, String text) {}

  void note(String text) {
    entries.add(new Entry(System.nanoTime(), text));
  }

  /** The time of day of a {@link System#nanoTime}. */
  Instant timeOf(long nanos) {
    return start.plusNanos(nanos - startNanos);
  }

  /** A line for each entry between two times. */
  List<String> between(long fromNanos, long toNanos) {
    return entries.stream()
        .filter(entry -> entry.nanos - fromNanos >= 0 && entry.nanos - toNanos <= 0)
        .map(entry -> timeOf(entry.nanos) + " " + entry.text)
        .toList();
  }
}
