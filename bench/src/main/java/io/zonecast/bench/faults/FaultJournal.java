package io.zonecast.bench.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records each fault with its time, to compare with the sinks' logs. Thread-safe. */
final class FaultJournal {
  /** The faults of this time before a wrong observation are printed with it. */
  private static final long TOLD_NANOS = Duration.ofSeconds(20).toNanos();

  private final List<Entry> entries = new CopyOnWriteArrayList<>();
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

  /** A line for each entry of a time and of what came shortly before it. */
  List<String> around(long fromNanos, long toNanos) {
    return entries.stream()
        .filter(entry -> entry.nanos - fromNanos >= -TOLD_NANOS && entry.nanos - toNanos <= 0)
        .map(entry -> timeOf(entry.nanos) + " " + entry.text)
        .toList();
  }
}
