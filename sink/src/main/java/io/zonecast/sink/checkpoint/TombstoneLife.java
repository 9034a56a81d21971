package io.zonecast.sink.checkpoint;

import io.zonecast.schemas.TopicInfo;
import java.time.Duration;

/**
 * For how long a tombstone is surely still in the topic: {@code delete.retention.ms}, less what
 * clocks may differ by.
 *
 * @param clockAllowance how far the broker's clock may be behind ours
 */
public record TombstoneLife(Duration sure, Duration clockAllowance) {
  /** Part of the time for which tombstones live that clocks may differ by, and at most a minute. */
  private static final int CLOCK_SHARE = 20;

  private static final Duration MOST_ALLOWANCE = Duration.ofMinutes(1);

  public static TombstoneLife in(TopicInfo topic) {
    Duration share = topic.deleteRetention().dividedBy(CLOCK_SHARE);
    Duration allowance = share.compareTo(MOST_ALLOWANCE) < 0 ? share : MOST_ALLOWANCE;
    return new TombstoneLife(topic.deleteRetention().minus(allowance), allowance);
  }

  /**
   * The time before which deletes may have been compacted away unheard, in epoch milliseconds:
   * negative where tombstones live for ever.
   */
  public long beganAt(long nowMillis) {
    return nowMillis - sure.toMillis();
  }

  /** Whether a tombstone that was written so long ago is still there. */
  public boolean outlives(Duration age) {
    return sure.compareTo(age) > 0;
  }
}
