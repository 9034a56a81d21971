package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind a topic.
 *
 * @param at when the look was taken
 * @param since since when the verdict has held, at the earliest; null if unknown
 * @param left how long catching up is going to take; null if that is unknown or does not apply
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

  /** How many records all partitions together are behind at most; null if one's is unknown. */
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

  /** The longest that any partition is behind; null if one's is unknown. */
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

  /** The verdict in one line, as {@code zones-sink: STALLED for 4 m on partition 3}. */
  public String headline() {
    return group + ": " + verdict.words() + detail() + asides();
  }

  private String detail() {
    return switch (verdict) {
      case CAUGHT_UP -> "";
      case CATCHING_UP -> left == null ? "" : ", about " + ElapsedTime.roughly(left) + " left";
      case STALLED -> stalled();
      case NO_SINK -> atMost() + ": no member in the group" + bound();
      case NEVER_RAN -> ": nothing was ever committed for topic " + topic;
    };
  }

  /** The last sign of life, which comes once a minute at least. */
  private String atMost() {
    return since == null
        ? ""
        : " for at most " + ElapsedTime.roughly(ElapsedTime.between(since, at));
  }

  private String bound() {
    Long atMost = behindRecordsAtMost();
    if (atMost == null) {
      return "";
    }
    return atMost == 0
        ? ", and nothing to do"
        : ", behind by at most " + atMost + (atMost == 1 ? " record" : " records");
  }

  private String stalled() {
    String time =
        since == null ? "" : " for " + ElapsedTime.roughly(ElapsedTime.between(since, at));
    List<PartitionLag> stuck =
        partitions.stream().filter(p -> p.state() == PartitionState.STALLED).toList();
    if (stuck.isEmpty()) {
      return time;
    }
    String where =
        stuck.stream().map(p -> Integer.toString(p.partition())).collect(Collectors.joining(", "));
    return time + (stuck.size() == 1 ? " on partition " : " on partitions ") + where;
  }

  private String asides() {
    List<String> asides = new ArrayList<>();
    for (PartitionLag partition : partitions) {
      if (partition.state() == PartitionState.HELD) {
        asides.add(
            "partition %s is HELD by an open transaction%s"
                .formatted(
                    partition.partition(),
                    partition.heldBy() == null ? "" : " of " + partition.heldBy()));
      }
    }
    for (NodeLag node : nodes) {
      if (node.state() != NodeState.IN_STEP) {
        asides.add("node " + node.node() + " is " + node.standing());
      }
      // However full it is: an eviction is a missing zone, and no fill brings it back for good.
      // What several nodes wait for is said once.
      if (node.detail() != null && !asides.contains(node.detail())) {
        asides.add(node.detail());
      }
    }
    return asides.isEmpty() ? "" : "; " + String.join("; ", asides);
  }
}
