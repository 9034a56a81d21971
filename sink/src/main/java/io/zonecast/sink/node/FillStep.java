package io.zonecast.sink.node;

import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.fill.BatchPool;
import io.zonecast.sink.fill.FillPlan;
import io.zonecast.sink.fill.FilledNode;
import io.zonecast.sink.fill.NodeFill;
import io.zonecast.sink.fill.OrphanSweep;
import io.zonecast.sink.fill.PartSender;
import io.zonecast.sink.fill.RefusedEntries;
import io.zonecast.sink.replay.FoldPart;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills lanes: begins where {@link FillPlan} says, sweeps where it has to, sends what the replay
 * delivers a batch at a time, and sees to what the node refuses.
 */
final class FillStep {
  private static final Logger LOG = LoggerFactory.getLogger(FillStep.class);

  /** 32 batches in flight to a node: ten milliseconds of distance then do not show. */
  private static final int WINDOW_ENTRIES = 32 * PartSender.BATCH_ENTRIES;

  private static final Duration ROOM_WAIT = Duration.ofMillis(20);

  private final NodeContext context;
  private final FilledNode node;
  private final NodeConnection connection;
  private final Map<Integer, PartitionLane> lanes;
  private final Consumer<Runnable> inbox;
  private final LaneCheckpoints checkpoints;
  private final SuspectWatch suspects;
  private final OrphanSweep sweep;
  private final NodeMemory memory;
  private final RoomStep room;
  private final BatchPool batches;
  private final RefusedEntries refused;
  private final JoinStep joins;
  private final Runnable pulse;

  /**
   * @param inbox runs tasks on the keeper's thread; thread-safe
   * @param pulse keeps the checkpoints going during what takes seconds
   */
  FillStep(
      NodeContext context,
      FilledNode node,
      Map<Integer, PartitionLane> lanes,
      Consumer<Runnable> inbox,
      LaneCheckpoints checkpoints,
      SuspectWatch suspects,
      NodeMemory memory,
      Runnable pulse) {
    this.context = context;
    this.node = node;
    this.connection = node.connection();
    this.lanes = lanes;
    this.inbox = inbox;
    this.checkpoints = checkpoints;
    this.suspects = suspects;
    this.memory = memory;
    this.room = new RoomStep(context, node.index(), lanes, inbox, memory);
    this.batches =
        new BatchPool(context.writtenWith().keyPrefix(), context.writtenWith().clientFlags());
    this.sweep = new OrphanSweep(node, batches);
    this.refused = new RefusedEntries(node, batches, context.access().deadLetters());
    this.joins = new JoinStep(context, node, inbox, checkpoints, this::fillAgain);
    this.pulse = pulse;
  }

  /** Begins the fill of lanes whose former writers have gone, or been waited for long enough. */
  void fillWhatHasSettled() throws IOException, InterruptedException {
    Map<PartitionLane, FillPlan> plans = new LinkedHashMap<>();
    List<PartitionLane> fromStart = new ArrayList<>();
    List<Optional<Checkpoint>> foundThere = new ArrayList<>();
    for (PartitionLane lane : lanes.values()) {
      if (!(lane.phase() instanceof Phase.Settling settling) || !hasSettled(lane, settling)) {
        continue;
      }
      FillPlan plan = planOf(settling);
      if (plan instanceof FillPlan.GoOn) {
        plans.put(lane, plan);
      } else if (room.allows(lane, settling)) {
        plans.put(lane, plan);
        fromStart.add(lane);
        foundThere.add(settling.found());
      }
    }
    boolean nodeHoldsKeys = false;
    try {
      nodeHoldsKeys = !fromStart.isEmpty() && sweep.findsAnyKey(foundThere, this::isStillOpen);
    } catch (CrawlerRefusedException e) {
      fromStart.forEach(lane -> lane.startAgain(Retry.LATER, OrphanSweep.stallOf(e)));
    }
    List<NodeFill> fills = new ArrayList<>();
    for (var planned : plans.entrySet()) {
      PartitionLane lane = planned.getKey();
      // It may have been sent back to its start, then or during the wait for the node's crawler.
      if (lane.phase() instanceof Phase.Settling && mark(lane, planned.getValue())) {
        fills.add(begin(lane, planned.getValue(), nodeHoldsKeys));
      }
    }
    if (!fills.isEmpty()) {
      // Together, so that the replay asks for their ends once.
      context.access().fills().request(fills);
    }
  }

  private boolean hasSettled(PartitionLane lane, Phase.Settling settling) throws IOException {
    var stillThere = suspects.stillThere(settling.claim().suspects());
    lane.remaining(stillThere);
    return stillThere.isEmpty() || context.timing().nanoTime() - settling.untilNanos() >= 0;
  }

  private FillPlan planOf(Phase.Settling settling) {
    return FillPlan.of(
        settling.found(),
        settling.claim().checkpoint(),
        context.topic().topicId(),
        context.writtenWith(),
        context.tombstonesSince());
  }

  private boolean isStillOpen() {
    pulse.run();
    return connection.isOpen();
  }

  /**
   * Marks the node before anything is written below what its checkpoint says; false if the mark was
   * refused.
   */
  private boolean mark(PartitionLane lane, FillPlan plan) throws IOException, InterruptedException {
    Claim claim = lane.held();
    Checkpoint held = claim.checkpoint();
    Checkpoint marker =
        plan instanceof FillPlan.FromStart start
            ? Checkpoint.filling(
                // Until the sweep of another topic's entries is allowed, the marker keeps that
                // topic's id: whoever comes next asks the same question.
                start.isGuarded() ? held.topicId() : context.topic().topicId(),
                lane.partition(),
                connection.localAddress(),
                context.writtenWith(),
                context.inForce().sinceMillis(),
                claim.suspects())
            : held.live(plan.from()).since(context.inForce().sinceMillis());
    return held.equals(marker) || checkpoints.replace(lane, marker);
  }

  private NodeFill begin(PartitionLane lane, FillPlan plan, boolean nodeHoldsKeys) {
    boolean sweeps = plan instanceof FillPlan.FromStart && nodeHoldsKeys;
    MemoryNeed need = plan.from().nextOffset() == 0 ? memory.newNeed() : null;
    var fill =
        new NodeFill(
            node, lane.partition(), plan, sweeps, need, batches, lane.entriesSentBefore()) {
          @Override
          public void deliver(FoldPart part) {
            inbox.accept(() -> take(part));
          }

          @Override
          public void waits(WaitNote at) {
            inbox.accept(() -> ifFilled(this, filled -> filled.waitAt(at)));
          }

          @Override
          public void ofAnotherLog(long endOffset) {
            inbox.accept(
                () ->
                    ifFilled(this, filled -> FillStep.this.ofAnotherLog(filled, this, endOffset)));
          }

          @Override
          public void failed(RuntimeException cause) {
            inbox.accept(
                () -> {
                  NodeContext.rethrowRefusal(cause);
                  String why = String.valueOf(cause.getMessage());
                  ifFilled(this, filled -> filled.startAgain(Retry.LATER, why));
                });
          }
        };
    lane.fill(fill);
    return fill;
  }

  /** The live records are too far ahead of where the fill has ended. */
  private void fillAgain(PartitionLane lane, FillPlan.GoOn plan) {
    context.access().fills().request(List.of(begin(lane, plan, false)));
  }

  /** Starts the partitions whose rows fit the node's memory, and stalls those that do not fit. */
  void judgeWhatIsWeighed() {
    room.judge();
  }

  private void ofAnotherLog(PartitionLane lane, NodeFill fill, long endOffset) {
    LOG.warn(
        "node={} partition={} needs offset={} and the partition ends at {}: filling it again",
        connection.address(),
        lane,
        fill.followed().nextOffset(),
        endOffset);
    checkpoints.ofAnotherLog(lane);
  }

  private void ifFilled(NodeFill fill, Consumer<PartitionLane> action) {
    PartitionLane lane = lanes.get(fill.partition());
    if (lane != null && lane.isFilledBy(fill)) {
      action.accept(lane);
    }
  }

  /** Sends the next batch of the first lane that has one; false if none has. */
  boolean sendABatch() throws IOException, InterruptedException {
    for (PartitionLane lane : lanes.values()) {
      if (!(lane.phase() instanceof Phase.Filling filling)) {
        continue;
      }
      PartSender part = filling.fill().sender();
      if (part == null || part.isSent() || !isSwept(lane, filling.fill(), part)) {
        continue;
      }
      if (connection.awaitRoom(WINDOW_ENTRIES - PartSender.BATCH_ENTRIES, ROOM_WAIT)) {
        part.sendBatch();
      } else {
        connection.closeIfStuck();
      }
      return true;
    }
    return false;
  }

  /** Sweeps, where that has to be first; false where the fill may not go on. */
  private boolean isSwept(PartitionLane lane, NodeFill fill, PartSender part) throws IOException {
    if (!fill.isToSweep()) {
      return true;
    }
    OrphanSweep.Outcome outcome;
    try {
      // It may take seconds. A lane that started again meanwhile, or a connection that was closed
      // because the partition is lost, has no right to delete.
      outcome = sweep.run(fill, part, () -> isStillOpen() && lane.isFilledBy(fill));
    } catch (CrawlerRefusedException e) {
      lane.startAgain(Retry.LATER, OrphanSweep.stallOf(e));
      return false;
    }
    if (outcome instanceof OrphanSweep.Outcome.TooMany tooMany) {
      String reason =
          ("partition %d: topic %s was made anew, and %d of %d entries are not in it; publish"
                  + " them, or accept with: zonecast rebuild --accept-new-topic")
              .formatted(
                  lane.partition(), context.topic().name(), tooMany.orphans(), tooMany.entries());
      if (!reason.equals(lane.stalledFor())) {
        LOG.warn("node={} {}", connection.address(), reason);
      }
      lane.startAgain(Retry.LATER, reason);
    }
    if (!(outcome instanceof OrphanSweep.Outcome.Swept swept)) {
      return false;
    }
    if (swept.entries() > 0) {
      context.events().swept(connection.address().toString(), lane.partition(), swept.entries());
    }
    fill.swept();
    return true;
  }

  /** Finishes the lanes whose last part has been applied, as far as the node has answered. */
  void finishWhatIsAnswered() throws IOException, InterruptedException {
    for (PartitionLane lane : lanes.values()) {
      // Those of the steps before: a checkpoint that is sent now is answered by the next at best.
      joins.joinOnceFinished(lane);
      if (lane.phase() instanceof Phase.Filling filling) {
        PartSender part = filling.fill().sender();
        if (part != null && part.isAnswered()) {
          applied(lane, filling, part);
        }
      }
    }
  }

  private void applied(PartitionLane lane, Phase.Filling filling, PartSender part)
      throws IOException, InterruptedException {
    NodeFill fill = filling.fill();
    // No record at or after what the checkpoint says is older than it says.
    long notBefore = filling.claim().checkpoint().safeTimeMillis();
    Optional<String> refusal = refused.settle(fill, part, notBefore);
    if (refusal.isPresent()) {
      String reason = refusal.get();
      if (!reason.equals(lane.stalledFor())) {
        LOG.warn("node={} partition={} cannot go on: {}", connection.address(), lane, reason);
      }
      lane.startAgain(Retry.LATER, reason);
      return;
    }
    fill.sent();
    if (part.part().isLast()) {
      MemoryNeed need = fill.need();
      if (need != null) {
        memory.weighed(lane.partition(), need);
      }
      joins.finish(lane, filling, part.part());
    }
  }
}
