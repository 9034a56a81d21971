package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind a topic.
 *
 * @param at when the look was taken
 * @param since since when the verdict has held, at the earliest; null if unknown
 * @param left how long catching up is going to take; null where that is unknown or does not apply
 * @param partitions worst first
 */
public record LagReport(
    String group,
    String topic,
    Instant at,
    Verdict verdict,
    @Nullable Instant since,
    @Nullable Duration left,
    List<PartitionLag> partitions,
    List<NodeLag> nodes) {
  public LagReport {
    partitions = List.copyOf(partitions);
    nodes = List.copyOf(nodes);
  }

  /** The verdict in one line, as {@code zones-sink: STALLED for 4 m on partition 3}. */
  public String headline() {
    return new Headline(this).text();
  }

  /** How many records all partitions together are behind at most; null where one's is unknown. */
  public @Nullable Long behindRecordsAtMost() {
    long sum = 0;
    for (PartitionLag partition : partitions) {
      Long behind = partition.behindRecordsAtMost();
      if (behind == null) {
        return null;
      }
      sum += behind;
    }
    return sum;
  }

  /** The longest that any partition is behind; null where one's is unknown. */
  public @Nullable Duration behindFor() {
    Duration longest = Duration.ZERO;
    for (PartitionLag partition : partitions) {
      Duration behind = partition.behindFor();
      if (behind == null) {
        return null;
      }
      if (behind.compareTo(longest) > 0) {
        longest = behind;
      }
    }
    return longest;
  }
}
