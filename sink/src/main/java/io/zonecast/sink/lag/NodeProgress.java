package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.sink.cache.Evictions;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.lag.NodeSnapshot.OnPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares two looks at a node, which are the same if it was not watched. A node is in step if it
 * has what the group had when the look began: a group that is behind shows by partition, and is not
 * the node's fault.
 */
record NodeProgress(
    NodeSnapshot first, NodeSnapshot last, Map<Integer, Target> targets, boolean watched) {

  NodeProgress {
    targets = Map.copyOf(targets);
  }

  NodeAddress address() {
    return last.node();
  }

  /** Whether it answers, and lacks something. */
  boolean isBehind() {
    return last.answers() && targets.keySet().stream().anyMatch(this::isBehindOn);
  }

  /**
   * Whether it lacks something that no sink can bring it, or that no sink has brought nearer while
   * the node was watched.
   */
  boolean stands() {
    return (last.answers() && last.trouble() != null)
        || targets.keySet().stream().anyMatch(this::waitsOn)
        || (watched
            && first.answers()
            && isBehind()
            && targets.keySet().stream().noneMatch(this::movesOn));
  }

  /** Whether a record that cannot be read yet keeps the node from having more of this partition. */
  boolean waitsOn(int partition) {
    return last.on(partition).waitsAt() != null;
  }

  /** Whether this partition is being brought up to date on the node. */
  boolean movesOn(int partition) {
    return isBehindOn(partition) && hasMovedOn(partition);
  }

  /**
   * Whether this partition was brought nearer on the node while it was watched, perhaps to its end:
   * the group's commit follows half a second later.
   */
  boolean hasMovedOn(int partition) {
    return last.answers()
        && !waitsOn(partition)
        && last.on(partition).movedSince(first.on(partition));
  }

  private boolean isBehindOn(int partition) {
    Target target = BrokerAnswers.of(targets, partition);
    Checkpoint checkpoint = last.on(partition).checkpoint();
    if (waitsOn(partition)) {
      return true;
    }
    if (checkpoint == null) {
      return !target.isEmpty();
    }
    if (checkpoint.state() == Checkpoint.State.FILLING) {
      return true;
    }
    // A sink that was away for long goes on from its nodes' offsets, and the group with it.
    boolean beingFilled = last.on(partition).fill() != null;
    return next(checkpoint, target) < (beingFilled ? target.endThen() : target.inStep());
  }

  /** Never below the log's start, which no sink could send. */
  private static long next(Checkpoint checkpoint, Target target) {
    return Math.max(checkpoint.nextOffset(), target.start());
  }

  /**
   * @param downSince when it went down, if it is down and that is known
   */
  NodeLag lag(Instant now, @Nullable Instant downSince) {
    String node = last.node().toString();
    NodeStats stats = last.stats();
    if (stats == null) {
      return new NodeLag(node, NodeState.DOWN, downSince, null, null, null, null, last.trouble());
    }
    boolean behind = isBehind();
    Evictions evictions = Evictions.of(last.node(), stats).orElse(null);
    NodeState state = NodeState.IN_STEP;
    if (behind) {
      // Before DEGRADED: what was evicted shows in the detail, and a fill is under way.
      state = NodeState.FILLING;
    } else if (evictions != null) {
      state = NodeState.DEGRADED;
    }
    return new NodeLag(
        node,
        state,
        null,
        behind ? new FillProgress(filled(), stands() ? null : left()) : null,
        checkpointAge(now),
        behindRecordsAtMost(),
        stats,
        detail(evictions));
  }

  private @Nullable String detail(@Nullable Evictions evictions) {
    if (last.trouble() != null) {
      return last.trouble();
    }
    List<String> said = new ArrayList<>();
    // Always said: an eviction is a missing zone, and no fill brings it back for good.
    if (evictions != null) {
      said.add(evictions.toString());
    }
    waitsWords().ifPresent(said::add);
    Optional.ofNullable(last.otherList()).ifPresent(said::add);
    if (!said.isEmpty()) {
      return String.join("; ", said);
    }
    return stands()
        ? "nobody has brought "
            + last.node()
            + " any nearer while it was watched; the sink's log says why"
        : null;
  }

  /** The first partition that waits, or that a sink cannot begin with, and how many more do. */
  private Optional<String> waitsWords() {
    boolean lacks = targets.keySet().stream().anyMatch(this::waitsOn);
    Map<Integer, WaitNote> waits = new TreeMap<>();
    last.partitions()
        .forEach(
            (partition, its) -> {
              WaitNote at = lacks ? its.waitsAt() : its.waitNote();
              if (at != null) {
                waits.put(partition, at);
              }
            });
    return waits.entrySet().stream()
        .findFirst()
        .map(first -> first.getValue().of(first.getKey()))
        .map(words -> lacks ? words : "a sink does not begin: " + words)
        .map(words -> waits.size() == 1 ? words : words + " (and " + (waits.size() - 1) + " more)");
  }

  private double filled() {
    return targets.keySet().stream()
        .filter(partition -> !BrokerAnswers.of(targets, partition).isEmpty())
        .mapToDouble(this::filled)
        .average()
        .orElse(0);
  }

  private double filled(int partition) {
    if (!isBehindOn(partition)) {
      return 1;
    }
    FillProgress fill = last.on(partition).fill();
    return fill == null ? 0 : fill.share();
  }

  /** How long until it lacks nothing; null unless every fill says so. */
  private @Nullable Duration left() {
    Duration longest = Duration.ZERO;
    for (int partition : targets.keySet()) {
      if (!isBehindOn(partition)) {
        continue;
      }
      FillProgress fill = last.on(partition).fill();
      Duration left = fill == null ? null : fill.left();
      if (left == null) {
        return null;
      }
      longest = left.compareTo(longest) > 0 ? left : longest;
    }
    return longest;
  }

  /** When the checkpoint that was last known to be up to date was so; null if there is none. */
  @Nullable Instant newestCheckpoint() {
    return last.partitions().values().stream()
        .map(OnPartition::checkpoint)
        .flatMap(Stream::ofNullable)
        .map(checkpoint -> Instant.ofEpochMilli(checkpoint.timeMillis()))
        .filter(time -> time.toEpochMilli() > 0)
        .max(Instant::compareTo)
        .orElse(null);
  }

  private @Nullable Duration checkpointAge(Instant now) {
    return last.partitions().values().stream()
        .flatMap(its -> Stream.ofNullable(its.checkpoint()))
        .filter(checkpoint -> checkpoint.state() == Checkpoint.State.LIVE)
        .map(checkpoint -> Instant.ofEpochMilli(checkpoint.timeMillis()))
        .min(Instant::compareTo)
        .map(oldest -> ElapsedTime.between(oldest, now))
        .orElse(null);
  }

  /** Null if a partition may hold anything, since it is being filled or no one has begun. */
  private @Nullable Long behindRecordsAtMost() {
    long sum = 0;
    for (var entry : targets.entrySet()) {
      Checkpoint checkpoint = last.on(entry.getKey()).checkpoint();
      Target target = entry.getValue();
      if (checkpoint == null || checkpoint.state() == Checkpoint.State.FILLING) {
        if (checkpoint == null && target.isEmpty()) {
          continue;
        }
        return null;
      }
      sum += Math.max(0, target.end() - next(checkpoint, target));
    }
    return sum;
  }

  /**
   * How far a node must have got on one partition.
   *
   * @param start the oldest offset that is still there
   * @param inStep where the group stood when the look began; where that is unknown, where the
   *     partition ended then
   * @param endThen where the partition ended when the look began, for readers of committed records
   * @param end where it ends now
   */
  record Target(long start, long inStep, long endThen, long end) {

    /** Whether there is nothing that a node could lack. */
    boolean isEmpty() {
      return start == end;
    }
  }
}
