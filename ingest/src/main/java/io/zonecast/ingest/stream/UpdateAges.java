package io.zonecast.ingest.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Knows which updates of a partition are certainly young, {@link #YOUNG} at most, whatever the
 * clocks of brokers and senders say: those that lie at or behind an end which the brokers were
 * asked for no longer ago than that. All others have waited, or may have.
 *
 * <p>The stream's thread asks, the admin's answers: thread-safe.
 */
final class UpdateAges {
  static final Duration YOUNG = Duration.ofSeconds(60);

  private final HighWatermarks ends;
  private final int partition;
  private final Deque<Look> looks = new ArrayDeque<>();

  /** The next offset to be written, at some time after {@code nanos}. */
  private record Look(long nanos, long end) {}

  UpdateAges(HighWatermarks ends, int partition) {
    this.ends = ends;
    this.partition = partition;
  }

  /** Asks where the partition ends; to be called several times within {@link #YOUNG}. */
  void look() {
    long asked = System.nanoTime();
    ends.ask(Set.of(partition))
        .thenAccept(answers -> add(asked, answers.getOrDefault(partition, Long.MAX_VALUE)));
  }

  private synchronized void add(long asked, long end) {
    looks.addLast(new Look(asked, end));
  }

  /** Whether the update at {@code offset}, which has been polled, came within {@link #YOUNG}. */
  synchronized boolean isYoung(long offset) {
    long since = System.nanoTime() - YOUNG.toNanos();
    while (!looks.isEmpty() && looks.getFirst().nanos - since < 0) {
      looks.removeFirst();
    }
    return !looks.isEmpty() && looks.getFirst().end <= offset;
  }
}
