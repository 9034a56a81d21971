package io.zonecast.sink.node;

import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.fill.MemoryCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * With {@code --strict-memory}, the step before a fill from the beginning: the rows are counted
 * first, and a node without room for them is left as it is.
 *
 * @param inbox runs tasks on the keeper's thread; thread-safe
 */
record RoomStep(
    NodeContext context,
    int nodeIndex,
    Map<Integer, PartitionLane> lanes,
    Consumer<Runnable> inbox,
    NodeMemory memory) {
  private static final String NOT_KNOWN =
      "--strict-memory: the node does not say how much memory it has; watch it yourself, and leave"
          + " the option out";

  /** Whether a lane may be filled from the beginning; where that has to be found out, not yet. */
  boolean allows(PartitionLane lane, Phase.Settling settling) {
    if (!context.pool().strictMemory() || settling.hasRoom()) {
      return true;
    }
    MemoryNeed empty = memory.newNeed();
    if (empty == null) {
      lane.startAgain(Retry.LATER, NOT_KNOWN);
      return false;
    }
    var count =
        new MemoryCheck(
            lane.partition(),
            nodeIndex,
            empty,
            need -> inbox.accept(() -> counted(lane, need)),
            cause -> inbox.accept(() -> failed(lane, cause)));
    boolean isCounted = memory.hasWeighedLately(lane.partition());
    lane.weigh(count, isCounted);
    if (!isCounted) {
      context.access().fills().request(List.of(count));
    }
    return false;
  }

  private void counted(PartitionLane lane, MemoryNeed need) {
    if (lane.phase() instanceof Phase.Weighing) {
      memory.weighed(lane.partition(), need);
      lane.counted();
    }
  }

  private void failed(PartitionLane lane, RuntimeException cause) {
    NodeContext.rethrowRefusal(cause);
    if (lane.phase() instanceof Phase.Weighing) {
      lane.startAgain(Retry.LATER, String.valueOf(cause.getMessage()));
    }
  }

  /** Allows or refuses the lanes that wait for it, once all of them have been counted. */
  void judge() {
    List<PartitionLane> waiting =
        lanes.values().stream().filter(l -> l.phase() instanceof Phase.Weighing).toList();
    if (waiting.isEmpty() || !waiting.stream().allMatch(RoomStep::isCounted)) {
      return;
    }
    Optional<MemoryVerdict> verdict = memory.verdict();
    memory.say(false);
    for (PartitionLane lane : waiting) {
      if (verdict.filter(MemoryVerdict::fits).isPresent()) {
        lane.hasRoom();
      } else {
        lane.startAgain(Retry.LATER, verdict.map(Object::toString).orElse(NOT_KNOWN));
      }
    }
  }

  private static boolean isCounted(PartitionLane lane) {
    return lane.phase() instanceof Phase.Weighing weighing && weighing.isCounted();
  }
}
