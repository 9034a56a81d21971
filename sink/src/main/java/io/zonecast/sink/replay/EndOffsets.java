package io.zonecast.sink.replay;

import java.util.Optional;

/**
 * The two ends of a partition at one moment.
 *
 * @param stable the last stable offset, where a read_committed consumer stops: an open transaction
 *     lies behind it
 * @param high the high watermark
 * @param leaderEpoch of the leader that answered; empty if it did not say
 * @param notBeforeMillis a lower bound on the broker's clock, in epoch milliseconds
 */
public record EndOffsets(
    long stable, long high, Optional<Integer> leaderEpoch, long notBeforeMillis) {

  /**
   * A lower bound on when a record at or after {@code nextOffset} was or will be written.
   *
   * @param lastTimestampMillis the timestamp of the last record known before it: our topics stamp
   *     records as they are appended, so timestamps rise with offsets
   */
  public long earliestWriteAfter(long nextOffset, long lastTimestampMillis) {
    // Records before the high watermark, behind an open transaction or a record that cannot be read
    // yet, exist already; their time is unknown.
    return nextOffset >= high
        ? Math.max(lastTimestampMillis, notBeforeMillis)
        : lastTimestampMillis;
  }
}
