package io.zonecast.sink.replay;

import java.util.Optional;

/**
 * The two ends of a partition, asked for at one moment.
 *
 * @param stable the last stable offset: no further can a read_committed consumer get, since behind
 *     it lies an open transaction
 * @param high the high watermark
 * @param leaderEpoch of the leader that answered; empty if it did not say
 * @param notBeforeMillis a lower bound on what the broker's clock said, in epoch milliseconds
 */
public record EndOffsets(
    long stable, long high, Optional<Integer> leaderEpoch, long notBeforeMillis) {

  /**
   * A lower bound on when a record at or after {@code nextOffset} was or will be written.
   *
   * @param lastTimestampMillis the timestamp of the last record known to lie before it: topics of
   *     ours stamp records as they are appended, so timestamps rise with offsets
   */
  public long earliestWriteAfter(long nextOffset, long lastTimestampMillis) {
    // What lies before the high watermark is there already, since when no one knows: behind an
    // open transaction, or behind a record that cannot be read yet.
    return nextOffset >= high
        ? Math.max(lastTimestampMillis, notBeforeMillis)
        : lastTimestampMillis;
  }
}
