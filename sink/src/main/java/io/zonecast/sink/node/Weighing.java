package io.zonecast.sink.node;

import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.MemoryVerdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * With {@code --strict-memory}, the step before a fill from the beginning: the rows are counted
 * first, and a node without room for them is left as it is.
 */
final class Weighing {
  /** How soon a node is asked again whether it has been given more memory. */
  private static final long LATER_NANOS = Duration.ofSeconds(2).toNanos();

  private static final String NOT_KNOWN =
      "--strict-memory: the node does not say how much memory it has; watch it yourself, and leave"
          + " the option out";

  private final NodeContext context;
  private final int nodeIndex;
  private final Map<Integer, PartitionLane> lanes;
  private final Consumer<Runnable> inbox;
  private final NodeMemory memory;

  /**
   * @param inbox takes what is to be done on the keeper's thread; thread-safe
   */
  Weighing(
      NodeContext context,
      int nodeIndex,
      Map<Integer, PartitionLane> lanes,
      Consumer<Runnable> inbox,
      NodeMemory memory) {
    this.context = context;
    this.nodeIndex = nodeIndex;
    this.lanes = lanes;
    this.inbox = inbox;
    this.memory = memory;
  }

  /** Whether a lane may be filled from the beginning; where that has to be found out, not yet. */
  boolean allows(PartitionLane lane) {
    if (!context.strictMemory() || lane.isAllowed()) {
      return true;
    }
    MemoryNeed empty = memory.newNeed();
    if (empty == null) {
      lane.startAgain(LATER_NANOS, NOT_KNOWN);
      return false;
    }
    var count =
        new ShareCount(
            lane.partition(),
            nodeIndex,
            empty,
            need -> inbox.accept(() -> counted(lane, need)),
            cause -> inbox.accept(() -> failed(lane, cause)));
    lane.weigh(count);
    if (memory.hasWeighedLately(lane.partition())) {
      lane.weighed();
    } else {
      context.fills().request(List.of(count));
    }
    return false;
  }

  private void counted(PartitionLane lane, MemoryNeed need) {
    if (lane.phase() == PartitionLane.Phase.WEIGHING) {
      memory.weighed(lane.partition(), need);
      lane.weighed();
    }
  }

  private void failed(PartitionLane lane, RuntimeException cause) {
    BrokerRefusal.rethrow(cause);
    if (lane.phase() == PartitionLane.Phase.WEIGHING) {
      lane.startAgain(LATER_NANOS, String.valueOf(cause.getMessage()));
    }
  }

  /** Allows or refuses the lanes that wait for it, once all of them have been counted. */
  void judge() {
    List<PartitionLane> waiting =
        lanes.values().stream().filter(l -> l.phase() == PartitionLane.Phase.WEIGHING).toList();
    if (waiting.isEmpty() || !waiting.stream().allMatch(PartitionLane::isWeighed)) {
      return;
    }
    Optional<MemoryVerdict> verdict = memory.verdict();
    memory.say(false);
    for (PartitionLane lane : waiting) {
      if (verdict.filter(MemoryVerdict.Fits.class::isInstance).isPresent()) {
        lane.allow();
      } else {
        lane.startAgain(LATER_NANOS, verdict.map(Object::toString).orElse(NOT_KNOWN));
      }
    }
  }
}
