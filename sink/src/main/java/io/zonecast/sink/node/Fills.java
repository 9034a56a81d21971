package io.zonecast.sink.node;

import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Progress;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.replay.FillTarget;
import io.zonecast.sink.replay.FoldPart;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings lanes up to date: asks the replay for what the node lacks, sweeps where it has to, sends
 * the answer a batch at a time, and sees to what the node refuses.
 */
final class Fills {
  private static final Logger LOG = LoggerFactory.getLogger(Fills.class);

  private static final long LATER_NANOS = Duration.ofSeconds(5).toNanos();

  /** 32 batches in flight to a node: ten milliseconds of distance then do not show. */
  private static final int WINDOW_ENTRIES = 32 * PartSender.BATCH_ENTRIES;

  private static final Duration ROOM_WAIT = Duration.ofMillis(20);

  private final NodeContext context;
  private final NodeConnection connection;
  private final String node;
  private final int nodeIndex;
  private final Map<Integer, PartitionLane> lanes;
  private final Consumer<Runnable> inbox;
  private final CheckpointStore checkpoints;
  private final SuspectWatch suspects;
  private final Sweep sweep;
  private final NodeMemory memory;
  private final Weighing weighing;
  private final BatchPool batches;
  private final Refusals refusals;
  private final GoingLive goingLive;
  private final Runnable pulse;

  /**
   * @param inbox takes what is to be done on the keeper's thread; thread-safe
   * @param pulse keeps the checkpoints going during what takes seconds
   */
  Fills(
      NodeContext context,
      NodeConnection connection,
      int nodeIndex,
      Map<Integer, PartitionLane> lanes,
      Consumer<Runnable> inbox,
      SuspectWatch suspects,
      NodeMemory memory,
      Runnable pulse) {
    this.context = context;
    this.connection = connection;
    this.node = connection.address().toString();
    this.nodeIndex = nodeIndex;
    this.lanes = lanes;
    this.inbox = inbox;
    this.checkpoints = new CheckpointStore(context, connection);
    this.suspects = suspects;
    this.sweep = new Sweep(context, connection, nodeIndex);
    this.memory = memory;
    this.weighing = new Weighing(context, nodeIndex, lanes, inbox, memory);
    this.batches =
        new BatchPool(context.writtenWith().keyPrefix(), context.writtenWith().clientFlags());
    this.refusals = new Refusals(context, connection, sweep, batches);
    this.goingLive = new GoingLive(context, connection, nodeIndex, inbox, checkpoints, this::ask);
    this.pulse = pulse;
  }

  /** Begins the fill of lanes whose former writers have gone, or been waited for long enough. */
  void fillWhatHasSettled() throws IOException, InterruptedException {
    List<PartitionLane> settling =
        lanes.values().stream().filter(l -> l.phase() == PartitionLane.Phase.SETTLING).toList();
    if (settling.isEmpty()) {
      return;
    }
    List<PartitionLane> settled = new ArrayList<>();
    for (PartitionLane lane : settling) {
      lane.remain(suspects.stillThere(lane.suspects()));
      boolean hasSettled = lane.remaining().isEmpty() || lane.hasSettledLongEnough();
      if (hasSettled && (goesOn(lane) || weighing.allows(lane))) {
        settled.add(lane);
      }
    }
    if (settled.isEmpty()) {
      return;
    }
    List<PartitionLane> anew = settled.stream().filter(lane -> !goesOn(lane)).toList();
    boolean nodeHoldsKeys = false;
    try {
      nodeHoldsKeys = !anew.isEmpty() && findsAnyKey(anew);
    } catch (CrawlerRefusedException e) {
      anew.forEach(lane -> lane.startAgain(LATER_NANOS, Sweep.stallOf(e)));
    }
    List<FillTarget> questions = new ArrayList<>();
    for (PartitionLane lane : settled) {
      // It may have been sent back to its start, then or during the wait for the node's crawler.
      if (lane.phase() == PartitionLane.Phase.SETTLING && begin(lane, nodeHoldsKeys)) {
        questions.add(lane.ask(answers));
      }
    }
    if (!questions.isEmpty()) {
      // Together, so that the replay asks for their ends once.
      context.fills().request(questions);
    }
  }

  private boolean findsAnyKey(List<PartitionLane> anew) throws IOException {
    return sweep.findsAnyKey(
        anew.stream().map(PartitionLane::found).toList(),
        () -> {
          pulse.run();
          return connection.isOpen();
        });
  }

  /**
   * Decides what the node lacks, and marks it where that is below what it says; false if the mark
   * was refused.
   */
  private boolean begin(PartitionLane lane, boolean nodeHoldsKeys)
      throws IOException, InterruptedException {
    Optional<Checkpoint> found = lane.found();
    boolean goesOn = goesOn(lane);
    boolean anotherTopic = found.filter(this::isOfAnotherTopic).isPresent();
    Checkpoint held = lane.held().checkpoint();
    // Nothing is written below what the checkpoint says. Until the sweep of another topic's entries
    // is allowed, the marker keeps that topic's id: whoever comes next asks the same question.
    Checkpoint marker =
        goesOn
            ? held.live(held.safeProgress()).since(context.inForce().sinceMillis())
            : Checkpoint.filling(
                anotherTopic ? held.topicId() : context.topic().topicId(),
                lane.partition(),
                connection.localAddress(),
                context.writtenWith(),
                context.inForce().sinceMillis(),
                lane.suspects());
    if (!held.equals(marker) && !checkpoints.replace(lane, marker)) {
      return false;
    }
    lane.plan(
        marker.nextOffset(),
        goesOn ? held.progress() : Progress.NONE,
        !goesOn && nodeHoldsKeys,
        anotherTopic,
        marker.nextOffset() == 0 ? memory.newNeed() : null);
    return true;
  }

  /** Starts the partitions whose rows fit the node's memory, and stalls those that do not fit. */
  void judgeWhatIsWeighed() {
    weighing.judge();
  }

  private void ask(PartitionLane lane) {
    context.fills().request(List.of(lane.ask(answers)));
  }

  private boolean goesOn(PartitionLane lane) {
    return lane.found().filter(this::goesOnFrom).isPresent();
  }

  private boolean goesOnFrom(Checkpoint found) {
    return found.state() == Checkpoint.State.LIVE
        && !isOfAnotherTopic(found)
        && found.writtenWith().equals(context.writtenWith())
        && !context.deletesMayBeMissed(found.safeTimeMillis());
  }

  private boolean isOfAnotherTopic(Checkpoint found) {
    return !found.topicId().equals(context.topic().topicId());
  }

  private final PartitionLane.FillAnswers answers =
      new PartitionLane.FillAnswers() {
        @Override
        public void delivered(FillTarget question, FoldPart part) {
          inbox.accept(() -> take(question, part));
        }

        @Override
        public void waits(FillTarget question, WaitNote at) {
          inbox.accept(() -> ifAsked(question, lane -> lane.waitAt(at)));
        }

        @Override
        public void ofAnotherLog(FillTarget question, long endOffset) {
          inbox.accept(
              () ->
                  ifAsked(
                      question,
                      lane -> {
                        LOG.warn(
                            "node={} partition={} needs offset={} and the partition ends at {}:"
                                + " filling it again",
                            node,
                            lane.partition(),
                            question.followed().nextOffset(),
                            endOffset);
                        checkpoints.ofAnotherLog(lane);
                      }));
        }

        @Override
        public void failed(FillTarget question, RuntimeException cause) {
          inbox.accept(
              () -> {
                BrokerRefusal.rethrow(cause);
                ifAsked(
                    question,
                    lane -> lane.startAgain(LATER_NANOS, String.valueOf(cause.getMessage())));
              });
        }
      };

  private void ifAsked(FillTarget question, Consumer<PartitionLane> action) {
    PartitionLane lane = lanes.get(question.partition());
    if (lane != null && lane.isAnswerTo(question)) {
      action.accept(lane);
    }
  }

  /** The part waits for its turn in the lane; one that nobody waits for any more is let go. */
  private void take(FillTarget question, FoldPart part) {
    PartitionLane lane = lanes.get(question.partition());
    if (lane == null || !lane.isAnswerTo(question) || !connection.isOpen()) {
      part.release();
      return;
    }
    lane.queue(
        new PartSender(connection, part, nodeIndex, lane.fromOffset(), batches, lane.need()));
  }

  /** Sends the next batch of the first lane that has one; false if none has. */
  boolean sendABatch() throws IOException, InterruptedException {
    for (PartitionLane lane : lanes.values()) {
      PartSender sender = lane.sender();
      if (sender == null || sender.isSent()) {
        continue;
      }
      if (!lane.isPrepared() && !prepare(lane, sender)) {
        continue;
      }
      if (connection.awaitRoom(WINDOW_ENTRIES - PartSender.BATCH_ENTRIES, ROOM_WAIT)) {
        sender.sendBatch();
      } else {
        connection.closeIfStuck();
      }
      return true;
    }
    return false;
  }

  /** Sweeps, where the fill has to; false where it may not go on. */
  private boolean prepare(PartitionLane lane, PartSender sender) throws IOException {
    if (lane.sweeps()) {
      Sweep.Outcome outcome;
      try {
        outcome =
            sweep.run(
                lane.partition(), lane.isGuarded(), sender, batches, () -> isStillAt(lane, sender));
      } catch (CrawlerRefusedException e) {
        lane.startAgain(LATER_NANOS, Sweep.stallOf(e));
        return false;
      }
      if (outcome instanceof Sweep.Outcome.GivenUp) {
        return false;
      }
      if (outcome instanceof Sweep.Outcome.TooMany tooMany) {
        String reason =
            ("partition %d: topic %s was made anew, and %d of %d entries are not in it; publish"
                    + " them, or accept with: zonecast rebuild --accept-new-topic")
                .formatted(
                    lane.partition(), context.topic().name(), tooMany.orphans(), tooMany.entries());
        if (!reason.equals(lane.stalledFor())) {
          LOG.warn("node={} {}", node, reason);
        }
        lane.startAgain(LATER_NANOS, reason);
        return false;
      }
      if (outcome instanceof Sweep.Outcome.Swept swept && swept.entries() > 0) {
        context.events().swept(node, lane.partition(), swept.entries());
      }
    }
    lane.prepared();
    return true;
  }

  /**
   * Keeps the checkpoints going during a sweep, which may take seconds, and says whether the sweep
   * still has a right to delete: a lane that started again, or a connection that was closed because
   * the partition is lost, has none.
   */
  private boolean isStillAt(PartitionLane lane, PartSender sender) {
    pulse.run();
    return lane.sender() == sender && connection.isOpen();
  }

  /** Finishes the lanes whose last part has been applied, as far as the node has answered. */
  void finishWhatIsAnswered() throws IOException, InterruptedException {
    for (PartitionLane lane : lanes.values()) {
      // Those of the steps before: a checkpoint that is sent now is answered by the next at best.
      goingLive.joinOnceFinished(lane);
      PartSender sender = lane.sender();
      if (sender != null && sender.isAnswered()) {
        if (!refusals.settle(lane, sender)) {
          continue;
        }
        FoldPart part = sender.part();
        lane.sent();
        if (part.isLast()) {
          MemoryNeed need = lane.need();
          if (need != null) {
            memory.weighed(lane.partition(), need);
          }
          goingLive.finish(lane, part);
        }
      }
    }
  }
}
