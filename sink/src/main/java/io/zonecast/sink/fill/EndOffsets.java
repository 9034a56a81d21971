package io.zonecast.sink.fill;

import java.util.Optional;

/**
 * The two ends of a partition, asked for at one moment.
 *
 * @param stable the last stable offset: no further can a read_committed consumer get, since behind
 *     it lies an open transaction
 * @param high the high watermark
 * @param leaderEpoch of the leader that answered; empty if it did not say
 * @param askedAtMillis when the question was put, in epoch milliseconds
 */
public record EndOffsets(
    long stable, long high, Optional<Integer> leaderEpoch, long askedAtMillis) {

  /**
   * A lower bound on when a record at or after {@code nextOffset} was or will be written.
   *
   * @param lastTimestampMillis the timestamp of the last record known to lie before it: topics of
   *     ours stamp records as they are appended, so timestamps rise with offsets
   * @param clockAllowanceMillis how far the broker's clock may be behind ours
   */
  public long earliestWriteAfter(
      long nextOffset, long lastTimestampMillis, long clockAllowanceMillis) {
    // What lies before the high watermark is there already, since when nobody knows: behind an
    // open transaction, or behind a record that cannot be read yet.
    return nextOffset >= high
        ? Math.max(lastTimestampMillis, askedAtMillis - clockAllowanceMillis)
        : lastTimestampMillis;
  }
}
