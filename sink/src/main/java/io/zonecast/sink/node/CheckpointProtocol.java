package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.fill.FilledNode;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint protocol on one connection to one node: what a keeper does from the moment it has
 * connected until the connection closes. First it finds out whether the node is ours ({@link
 * OwnerStep}); then, in this order, for each partition:
 *
 * <ol>
 *   <li>read the checkpoint and <em>claim</em> it, by add or by the CAS just read ({@link
 *       ClaimStep});
 *   <li><em>prove</em> that the partition is still ours, before any data;
 *   <li><em>fill</em> from what the checkpoint says, to an end that is asked for after the proof
 *       ({@link FillStep});
 *   <li><em>finish</em>: by CAS, the checkpoint says live ({@link JoinStep});
 *   <li><em>join</em> the live records;
 *   <li>while live, write the acknowledged offset by CAS and read the checkpoint back ({@link
 *       WatchStep}).
 * </ol>
 *
 * Anything unexpected (a refused write, another checkpoint than the one written, a refused entry)
 * leads back to the first step; anything ambiguous closes the connection. All on the keeper's
 * thread, one step at a time, so that long steps do not keep the short ones waiting.
 *
 * <p>{@link LaneCheckpoints} writes every checkpoint. None passes a record that the node has not
 * acknowledged, or whose dead letter is unwritten ({@link NodeContext#settled}).
 */
final class CheckpointProtocol {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

  private final NodeConnection connection;
  private final Map<Integer, PartitionLane> lanes = new TreeMap<>();
  private final LaneCheckpoints checkpoints;
  private final ClaimStep claims;
  private final FillStep fills;
  private final WatchStep watch;
  private final NodeNotes notes;
  private final NodeMemory memory;
  private final OtherMembers others;
  private final OwnerStep owner;
  private final boolean strictMemory;
  private final Timing timing;

  /**
   * @param inbox runs tasks on the keeper's thread; thread-safe
   */
  CheckpointProtocol(
      NodeContext context,
      NodeConnection connection,
      int nodeIndex,
      OwnerStep owner,
      NodeMemory memory,
      Consumer<Runnable> inbox) {
    this.connection = connection;
    var node =
        new FilledNode(
            connection, nodeIndex, context.us(), context.pool().connections(), context.timing());
    this.strictMemory = context.pool().strictMemory();
    this.timing = context.timing();
    this.memory = memory;
    this.owner = owner;
    owner.connected();
    memory.connected(connection);
    var suspects = new SuspectWatch(connection, context.timing());
    this.others = new OtherMembers(context, connection, suspects);
    this.checkpoints = new LaneCheckpoints(context, connection);
    this.claims = new ClaimStep(context, connection, checkpoints, suspects);
    this.notes = new NodeNotes(context, connection, lanes);
    this.watch = new WatchStep(context, connection, lanes, checkpoints, suspects, notes, owner);
    this.fills =
        new FillStep(
            context, node, lanes, inbox, checkpoints, suspects, memory, watch::tickQuietly);
  }

  boolean isOver() {
    return !connection.isOpen();
  }

  Collection<PartitionLane> lanes() {
    return lanes.values();
  }

  void add(Collection<Integer> partitions) {
    partitions.forEach(p -> lanes.putIfAbsent(p, new PartitionLane(p, timing)));
  }

  /**
   * Takes the steps that are possible now.
   *
   * @return whether there is more to do at once
   * @throws IOException if the connection is broken, or breaks
   */
  boolean step() throws IOException, InterruptedException {
    others.lookWhenDue();
    if (lanes.values().stream().noneMatch(l -> l.phase() instanceof Phase.Filling)) {
      // It waits for its answer, which a fill's batches would stand before.
      memory.lookWhenDue();
    }
    // After the first look, which tells a node from a proxy.
    if (!owner.allows(connection, lanes.values())) {
      if (!owner.refuses() && !notes.waiting().isEmpty()) {
        // A sink that cannot begin claims nothing, but lag is to hear why.
        notes.tick();
      }
      return false;
    }
    claims.claimWhatIsDue(lanes.values());
    fills.fillWhatHasSettled();
    fills.judgeWhatIsWeighed();
    boolean sending = fills.sendABatch();
    fills.finishWhatIsAnswered();
    if (!strictMemory) {
      memory.say(lanes.values().stream().anyMatch(CheckpointProtocol::isOnItsWay));
    }
    watch.tick();
    return sending;
  }

  private static boolean isOnItsWay(PartitionLane lane) {
    return lane.phase() instanceof Phase.Settling
        || lane.phase() instanceof Phase.Filling
        || lane.phase() instanceof Phase.Finishing;
  }

  /** Ends it: nothing more is sent, and the memory of fills under way is given back. */
  void end() {
    connection.close();
    lanes.values().forEach(PartitionLane::abandon);
  }

  /**
   * Lets go of partitions in good order: what is in flight is awaited, and the checkpoint names no
   * connection any more. Nothing is sent for them after that.
   */
  void release(Collection<Integer> partitions) throws IOException, InterruptedException {
    Map<PartitionLane, Checkpoint> wanted = new LinkedHashMap<>();
    List<PartitionLane> leaving = new ArrayList<>();
    for (int partition : partitions) {
      PartitionLane lane = lanes.remove(partition);
      if (lane != null) {
        leaving.add(lane);
      }
    }
    if (leaving.stream().anyMatch(PartitionLane::isHeld)) {
      connection.awaitRoom(0, DRAIN_TIMEOUT);
    }
    for (PartitionLane lane : leaving) {
      if (lane.phase() instanceof Phase.Finishing finishing) {
        checkpoints.conclude(finishing.checkpoint());
      }
      lane.claim()
          .ifPresent(
              claim -> {
                Checkpoint held = claim.checkpoint();
                Checkpoint last =
                    lane.phase() instanceof Phase.Live live
                        ? held.live(live.live().acknowledged().notBefore(held.timeMillis()))
                        : held;
                wanted.put(lane, last.released());
              });
    }
    leaving.forEach(PartitionLane::abandon);
    checkpoints.replaceAll(wanted);
  }

  /** How long the fills under way still need; empty if there are none or no one can tell. */
  Optional<Duration> left() {
    return notes.left();
  }

  /** The records that hold up partitions on this node; see {@link NodeNotes#waiting}. */
  Map<Integer, WaitNote> waiting() {
    return notes.waiting();
  }

  /** When the node last answered for what it remembers; see {@link WatchStep#heardNanos}. */
  long heardNanos() {
    return watch.heardNanos();
  }

  /** Why the first partition that is stalled waits; null if none is. */
  @Nullable String firstStall() {
    return lanes.values().stream()
        .filter(lane -> !lane.stalledFor().isEmpty() && !lane.isLive())
        .map(PartitionLane::stalledFor)
        .findFirst()
        .orElse(null);
  }
}
