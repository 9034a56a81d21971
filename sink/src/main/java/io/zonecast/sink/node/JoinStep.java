package io.zonecast.sink.node;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.fill.FillPlan;
import io.zonecast.sink.fill.FilledNode;
import io.zonecast.sink.fill.NodeFill;
import io.zonecast.sink.poll.KeeperRequests;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.replay.FoldPart;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps from filled to live: mark the checkpoint so, and join the live records.
 *
 * @param inbox runs tasks on the keeper's thread; thread-safe
 * @param fillAgain begins another fill, where the live records were too far ahead
 */
record JoinStep(
    NodeContext context,
    FilledNode node,
    Consumer<Runnable> inbox,
    LaneCheckpoints checkpoints,
    BiConsumer<PartitionLane, FillPlan.GoOn> fillAgain) {
  private static final Logger LOG = LoggerFactory.getLogger(JoinStep.class);

  /**
   * Every part has been applied: from here on the checkpoint says so. Its answer is not waited for:
   * it comes behind those to what the other lanes have in flight.
   */
  void finish(PartitionLane lane, Phase.Filling filling, FoldPart last)
      throws IOException, InterruptedException {
    NodeFill fill = filling.fill();
    Checkpoint before = filling.claim().checkpoint();
    PartitionPosition end = last.end().notBefore(fill.fromOffset() == 0 ? 0 : before.timeMillis());
    if (fill.plan() instanceof FillPlan.GoOn
        && !before.suspects().isEmpty()
        && before.progress().leaderEpoch() != end.leaderEpoch()) {
      // When the leader changed, the log may have lost what they wrote: no fill from an offset
      // repairs that.
      if (checkpoints.replace(lane, before.fillingAgain())) {
        lane.startAgain(Retry.AT_ONCE, "");
      }
      return;
    }
    Checkpoint live =
        new Checkpoint(
            Checkpoint.State.LIVE,
            context.topic().topicId(),
            lane.partition(),
            context.settled(lane.partition(), fill.fromOffset(), end),
            node.connection().localAddress(),
            context.writtenWith(),
            context.inForce().sinceMillis(),
            filling.claim().kept());
    if (live.equals(before)) {
      joinOrWait(lane, fill, end, last.waitsAt());
    } else {
      lane.finish(end, checkpoints.beginReplace(lane, live), last.waitsAt());
    }
  }

  /** Joins the lane if the node has acknowledged the checkpoint that says that it is filled. */
  void joinOnceFinished(PartitionLane lane) throws IOException, InterruptedException {
    if (lane.phase() instanceof Phase.Finishing finishing
        && finishing.checkpoint().isAnswered()
        && checkpoints.conclude(finishing.checkpoint())) {
      joinOrWait(lane, finishing.fill(), finishing.end(), finishing.waitsAt());
    }
  }

  /** Behind a record that cannot be read yet there is nothing to join: the rest is filled later. */
  private void joinOrWait(
      PartitionLane lane, NodeFill fill, PartitionPosition end, @Nullable WaitNote waitsAt) {
    if (waitsAt == null) {
      join(lane, fill, end);
    } else {
      lane.waitAt(waitsAt);
    }
  }

  private void join(PartitionLane lane, NodeFill fill, PartitionPosition end) {
    String name = node.connection().address().toString();
    Set<String> gone = lane.held().gone();
    if (!gone.isEmpty()) {
      context.access().ownership().gone(lane.partition(), name, gone);
    }
    context
        .events()
        .filled(name, lane.partition(), end.nextOffset(), fill.entriesSent(), fill.age().toNanos());
    var live =
        new LiveLane(
            node.connection(),
            node.index(),
            lane.partition(),
            end,
            reached -> context.settled(lane.partition(), fill.fromOffset(), reached),
            stopped -> inbox.accept(() -> refused(lane, stopped)));
    lane.join(fill, live);
    CompletableFuture<Void> told =
        context
            .access()
            .ownership()
            .join(live)
            .thenAccept(joining -> inbox.accept(() -> joined(lane, live, joining)));
    LOG.trace("node={} partition={} asked to join: {}", name, lane, told);
  }

  private void joined(PartitionLane lane, LiveLane live, KeeperRequests.Joining joining) {
    if (!lane.flowsBy(live)) {
      live.stop();
      return;
    }
    switch (joining) {
      case JOINED -> lane.live();
      case TOO_FAR_BEHIND -> {
        PartitionPosition reached = live.acknowledged();
        fillAgain.accept(lane, new FillPlan.GoOn(reached, reached));
      }
      case GONE -> lane.startAgain(Retry.SOON, "");
    }
  }

  /** A live record was refused, and the fill that follows finds out why; or the log was cut off. */
  private void refused(PartitionLane lane, LiveLane live) {
    // The refusal may overtake the word that the lane has joined; or come when it is long filled
    // again, and joins by another.
    if (!lane.flowsBy(live)) {
      return;
    }
    if (live.isOfAnotherLog()) {
      checkpoints.ofAnotherLog(lane);
    } else {
      lane.startAgain(Retry.AT_ONCE, "");
    }
  }
}
