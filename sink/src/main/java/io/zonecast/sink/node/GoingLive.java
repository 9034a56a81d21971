package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.poll.Ownership;
import io.zonecast.sink.replay.FoldPart;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps from filled to live: mark the checkpoint so, and join the live records. */
final class GoingLive {
  private static final Logger LOG = LoggerFactory.getLogger(GoingLive.class);

  private static final long AT_ONCE = 0;
  private static final long SOON_NANOS = Duration.ofMillis(200).toNanos();

  private final NodeContext context;
  private final NodeConnection connection;
  private final String node;
  private final int nodeIndex;
  private final Consumer<Runnable> inbox;
  private final CheckpointStore checkpoints;
  private final Consumer<PartitionLane> fillAgain;

  /**
   * @param inbox takes what is to be done on the keeper's thread; thread-safe
   * @param fillAgain asks for another fill, where the live records were too far ahead
   */
  GoingLive(
      NodeContext context,
      NodeConnection connection,
      int nodeIndex,
      Consumer<Runnable> inbox,
      CheckpointStore checkpoints,
      Consumer<PartitionLane> fillAgain) {
    this.context = context;
    this.connection = connection;
    this.node = connection.address().toString();
    this.nodeIndex = nodeIndex;
    this.inbox = inbox;
    this.checkpoints = checkpoints;
    this.fillAgain = fillAgain;
  }

  /**
   * Every part has been applied: from here on the checkpoint says so. Its answer is not waited for:
   * it comes behind those to what the other lanes have in flight.
   */
  void finish(PartitionLane lane, FoldPart part) {
    Checkpoint before = lane.held().checkpoint();
    lane.filledTo(part.end().notBefore(lane.fromOffset() == 0 ? 0 : before.timeMillis()));
    Checkpoint live =
        new Checkpoint(
            Checkpoint.State.LIVE,
            context.topic().topicId(),
            lane.partition(),
            context.settled(lane.partition(), lane.fromOffset(), lane.filledTo()),
            connection.localAddress(),
            context.writtenWith(),
            context.inForce().sinceMillis(),
            lane.remaining());
    if (live.equals(before)) {
      joinOrWait(lane, part.waitsAt());
    } else {
      lane.finishing(checkpoints.beginReplace(lane, live), part.waitsAt());
    }
  }

  /** Joins the lane if the node has acknowledged the checkpoint that says that it is filled. */
  void joinOnceFinished(PartitionLane lane) throws IOException, InterruptedException {
    CheckpointStore.Replacing finish = lane.finish();
    if (finish != null && finish.isAnswered() && checkpoints.conclude(finish)) {
      joinOrWait(lane, lane.finishedAt());
    }
  }

  /** Behind a record that cannot be read yet there is nothing to join: the rest is filled later. */
  private void joinOrWait(PartitionLane lane, @Nullable WaitNote waitsAt) {
    if (waitsAt == null) {
      join(lane);
    } else {
      lane.waitAt(waitsAt);
    }
  }

  private void join(PartitionLane lane) {
    long from = lane.fromOffset();
    clear(lane);
    context
        .events()
        .filled(
            node,
            lane.partition(),
            lane.filledTo().nextOffset(),
            lane.entriesSent(),
            lane.nanosSinceStart());
    var liveLane =
        new LiveLane(
            connection,
            nodeIndex,
            lane.partition(),
            lane.filledTo(),
            reached -> context.settled(lane.partition(), from, reached),
            stopped -> inbox.accept(() -> refused(lane, stopped)));
    lane.joining(liveLane);
    CompletableFuture<Void> told =
        context
            .ownership()
            .join(liveLane)
            .thenAccept(joining -> inbox.accept(() -> joined(lane, liveLane, joining)));
    LOG.trace("node={} partition={} asked to join: {}", node, lane, told);
  }

  /**
   * Former writers that were gone before the fill can do no more harm, nor can those that the
   * checkpoint did not suspect: they had let go of it in good order, and may stay connected for
   * other partitions.
   */
  private void clear(PartitionLane lane) {
    Set<String> gone = new LinkedHashSet<>(lane.formerWriters());
    lane.suspects().forEach(suspect -> gone.add(suspect.conn()));
    lane.remaining().forEach(suspect -> gone.remove(suspect.conn()));
    if (!gone.isEmpty()) {
      context.ownership().gone(lane.partition(), node, gone);
    }
    lane.suspect(lane.remaining());
  }

  private void joined(PartitionLane lane, LiveLane liveLane, Ownership.Joining joining) {
    if (lane.live() != liveLane) {
      liveLane.stop();
      return;
    }
    switch (joining) {
      case JOINED -> lane.joined();
      case TOO_FAR_BEHIND -> {
        lane.fillAgainFrom(liveLane.acknowledged());
        fillAgain.accept(lane);
      }
      case GONE -> lane.startAgain(SOON_NANOS, "");
    }
  }

  /** A live record was refused, and the fill that follows finds out why; or the log was cut off. */
  private void refused(PartitionLane lane, LiveLane liveLane) {
    // The refusal may overtake the word that the lane has joined; or come when it is long filled
    // again, and joins by another.
    if (lane.live() != liveLane) {
      return;
    }
    if (liveLane.isOfAnotherLog()) {
      checkpoints.ofAnotherLog(lane);
    } else {
      lane.startAgain(AT_ONCE, "");
    }
  }
}
