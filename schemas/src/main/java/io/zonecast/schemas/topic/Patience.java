package io.zonecast.schemas.topic;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a reading may stand still.
 *
 * @param lookEvery how long before the reason is looked for, and between two looks
 * @param giveUpAfter how long for no reason that can be found
 */
public record Patience(
    LongSupplier nanoTime, Duration lookEvery, Duration giveUpAfter, Standstill standstill) {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(1);

  /** Looks for the reason when a reading does not go on. */
  @FunctionalInterface
  public interface Standstill {
    /**
     * Says what holds the reader back.
     *
     * @param behind where it stands on each partition that has not been read to its end
     * @param again whether it was asked before, and nothing has come since
     * @return whether anything was found that will end by itself
     */
    boolean explain(Map<TopicPartition, Long> behind, boolean again);
  }

  /** A minute, with a look every ten seconds. */
  public static Patience ofAMinute(LongSupplier nanoTime, Standstill standstill) {
    return new Patience(nanoTime, LOOK_EVERY, GIVE_UP_AFTER, standstill);
  }

  /** So long, whatever the reason. */
  public static Patience of(Duration giveUpAfter, LongSupplier nanoTime) {
    return new Patience(nanoTime, giveUpAfter, giveUpAfter, (behind, again) -> false);
  }
}
