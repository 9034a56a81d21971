package io.zonecast.sink.status;

import io.zonecast.monitor.Health;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Checks that the sink's loop turns. A broker or node that is away does not count: a restart would
 * repair neither.
 */
record Liveness(LongSupplier lastTurnNanos, LongSupplier nanoClock) implements Health {
  /**
   * As {@code max.poll.interval.ms} by default: a member that polls less often has lost its
   * partitions anyway. Every wait within a turn, as for a dead letter's acknowledgement, is
   * shorter.
   */
  static final Duration LONGEST_TURN = Duration.ofMinutes(5);

  @Override
  public Answer check() {
    Duration ago = age();
    String said = "the poll loop began a turn %s ago".formatted(SinkFigures.seconds(ago));
    return ago.compareTo(LONGEST_TURN) <= 0
        ? Answer.ok(said)
        : Answer.failing(said + ", at most %d s are right".formatted(LONGEST_TURN.toSeconds()));
  }

  /** How long ago the loop began its present turn. */
  Duration age() {
    long nanos = nanoClock.getAsLong() - lastTurnNanos.getAsLong();
    return Duration.ofNanos(Math.max(0, nanos));
  }
}
