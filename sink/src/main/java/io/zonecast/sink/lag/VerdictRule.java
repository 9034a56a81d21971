package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides the verdict of a lag report, since when it holds, and how long it will last. */
record VerdictRule(
    Group members,
    GroupProgress movement,
    List<PartitionLag> partitions,
    List<NodeProgress> moved,
    List<NodeLag> nodes,
    Instant now) {

  Verdict verdict() {
    if (members.members() == 0) {
      boolean never =
          partitions.stream().allMatch(partition -> partition.offsets().committed() == null);
      return never ? Verdict.NEVER_RAN : Verdict.NO_SINK;
    }
    if (isAny(PartitionState.STALLED)
        || isAny(NodeState.DOWN)
        || moved.stream().anyMatch(NodeProgress::stands)) {
      return Verdict.STALLED;
    }
    boolean behind =
        isAny(PartitionState.CATCHING_UP)
            || isAny(PartitionState.UNKNOWN)
            || isAny(NodeState.FILLING);
    return behind ? Verdict.CATCHING_UP : Verdict.CAUGHT_UP;
  }

  private boolean isAny(PartitionState state) {
    return partitions.stream().anyMatch(partition -> partition.state() == state);
  }

  private boolean isAny(NodeState state) {
    return nodes.stream().anyMatch(node -> node.state() == state);
  }

  /**
   * Since when the verdict has held, at the earliest; null if unknown. A partition has stalled
   * since its oldest waiting record. A sink in step refreshes its checkpoints once a minute, so
   * that without one the newest of them says until when the last was there.
   */
  @Nullable Instant since() {
    Optional<Instant> known =
        switch (verdict()) {
          case STALLED -> isAny(PartitionState.STALLED) ? oldestThatWaits() : firstNodeDown();
          case NO_SINK ->
              moved.stream()
                  .flatMap(node -> Stream.ofNullable(node.newestCheckpoint()))
                  .max(Instant::compareTo);
          case CAUGHT_UP, CATCHING_UP, NEVER_RAN -> Optional.empty();
        };
    return known.orElse(null);
  }

  private Optional<Instant> oldestThatWaits() {
    return partitions.stream()
        .filter(partition -> partition.state() == PartitionState.STALLED)
        .flatMap(partition -> Stream.ofNullable(partition.behindFor()))
        // If the partition has caught up elsewhere, it is unknown since when it waits on this node.
        .filter(behind -> !behind.isZero())
        .max(Duration::compareTo)
        .map(now::minus);
  }

  private Optional<Instant> firstNodeDown() {
    return nodes.stream().flatMap(node -> Stream.ofNullable(node.since())).min(Instant::compareTo);
  }

  /**
   * How long until the group and every node have all; null if one of them cannot tell, or where no
   * one is catching up.
   */
  @Nullable Duration left() {
    Duration longest = verdict() == Verdict.CATCHING_UP ? movement.left() : null;
    for (NodeLag node : nodes) {
      if (longest != null && node.state() == NodeState.FILLING) {
        Duration its = node.left();
        longest = its == null || its.compareTo(longest) > 0 ? its : longest;
      }
    }
    return longest == null || longest.isZero() ? null : longest;
  }
}
