package io.zonecast.sink.checkpoint;

import io.zonecast.schemas.TopicInfo;
import java.time.Duration;

/**
 * Decides how long a tombstone is certainly still in the topic: {@code delete.retention.ms}, less
 * the possible difference of clocks.
 *
 * @param clockAllowance how far the broker's clock may be behind ours
 */
public record TombstoneLife(Duration sure, Duration clockAllowance) {
  /** Clocks may differ by 1/{@value} of the tombstones' life, a minute at most. */
  private static final int CLOCK_SHARE = 20;

  private static final Duration MOST_ALLOWANCE = Duration.ofMinutes(1);

  public static TombstoneLife in(TopicInfo topic) {
    Duration share = topic.deleteRetention().dividedBy(CLOCK_SHARE);
    Duration allowance = share.compareTo(MOST_ALLOWANCE) < 0 ? share : MOST_ALLOWANCE;
    return new TombstoneLife(topic.deleteRetention().minus(allowance), allowance);
  }

  /**
   * The time before which tombstones may be compacted away, in epoch milliseconds; negative if they
   * live for ever.
   */
  public long beganAt(long nowMillis) {
    return nowMillis - sure.toMillis();
  }

  /** Whether a tombstone of this age is certainly still in the topic. */
  public boolean outlives(Duration age) {
    return sure.compareTo(age) > 0;
  }
}
