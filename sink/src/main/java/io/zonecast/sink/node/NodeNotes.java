package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.DownNote;
import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.fill.FillPace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Leaves on the node what no one outside the sink could know otherwise: how far its fills have come
 * ({@link FillProgress}), what they wait at ({@link WaitNote}), and since when others of the pool
 * are down ({@link DownNote}). Quietly, among the fills' own batches: a write that was waited for,
 * or a checkpoint written again by CAS, would hold up the fill that it tells of. For the keeper's
 * thread.
 */
final class NodeNotes {
  private static final long WRITE_EVERY_NANOS = Duration.ofMillis(250).toNanos();
  private static final int REMEMBERED_SECONDS = (int) FillProgress.REMEMBERED.toSeconds();

  private final NodeContext context;
  private final NodeConnection connection;
  private final Map<Integer, PartitionLane> lanes;
  private final FillPace pace = new FillPace();
  private final EntryBatch notes = new EntryBatch("", 0);

  /** The partitions whose fills the node has been told of. */
  private final Set<Integer> noted = new TreeSet<>();

  /** The partitions that wait, as noted on the node. */
  private final Set<Integer> waited = new TreeSet<>();

  private boolean underWay;
  private volatile boolean unanswered;
  private long lastWriteNanos;

  NodeNotes(NodeContext context, NodeConnection connection, Map<Integer, PartitionLane> lanes) {
    this.context = context;
    this.connection = connection;
    this.lanes = lanes;
    this.lastWriteNanos = context.timing().nanoTime() - WRITE_EVERY_NANOS;
  }

  /** Looks at the lanes and the pool when due, and writes what is new. */
  void tick() {
    List<PartitionLane> filling = lanes.values().stream().filter(NodeNotes::isUnderWay).toList();
    long now = context.timing().nanoTime();
    underWay = !filling.isEmpty();
    if (underWay) {
      pace.reached(now, fraction());
    } else {
      pace.rest();
    }
    // A fill that has ended is no news for long: the node is to be seen in step at once.
    boolean ended = !underWay && !noted.isEmpty();
    if (!unanswered && (ended || now - lastWriteNanos >= WRITE_EVERY_NANOS)) {
      lastWriteNanos = now;
      write(filling, left(now).orElse(null));
    }
  }

  /**
   * The records that hold up partitions on this node: its fill has met one, or the live records
   * have, or the sink could not begin. This is the one rule for what waits, in whatever view.
   */
  Map<Integer, WaitNote> waiting() {
    Map<Integer, WaitNote> waiting = new TreeMap<>(context.access().ownership().waiting());
    for (PartitionLane lane : lanes.values()) {
      WaitNote at = lane.waitsAt();
      if (at != null) {
        waiting.put(lane.partition(), at);
      } else if (!lane.isLive()) {
        waiting.remove(lane.partition());
      }
    }
    return waiting;
  }

  /** How long the fills under way still need; empty if there are none or no one can tell. */
  Optional<Duration> left() {
    return left(context.timing().nanoTime());
  }

  private Optional<Duration> left(long now) {
    return underWay ? pace.left(now) : Optional.empty();
  }

  /** Of the lanes that are live or on their way: one that waits for help would never get there. */
  private double fraction() {
    return lanes.values().stream()
        .filter(lane -> isUnderWay(lane) || lane.isLive())
        .mapToDouble(PartitionLane::fraction)
        .average()
        .orElse(0);
  }

  /** A lane that waits for help does not move, and leaves no note that says so. */
  private static boolean isUnderWay(PartitionLane lane) {
    return lane.stalledFor().isEmpty() && lane.isHeld() && !lane.isLive();
  }

  private void write(List<PartitionLane> filling, @Nullable Duration left) {
    notes.clear();
    for (PartitionLane lane : filling) {
      noted.remove(lane.partition());
      notes.setFor(
          fillKey(lane.partition()),
          new FillProgress(lane.fraction(), left).encode(),
          REMEMBERED_SECONDS);
    }
    noted.forEach(partition -> notes.delete(fillKey(partition)));
    noted.clear();
    filling.forEach(lane -> noted.add(lane.partition()));
    Map<Integer, WaitNote> waiting = waiting();
    waited.removeAll(waiting.keySet());
    waited.forEach(partition -> notes.delete(waitKey(partition)));
    waited.clear();
    waited.addAll(waiting.keySet());
    waiting.forEach(
        (partition, at) -> notes.setFor(waitKey(partition), at.encode(), REMEMBERED_SECONDS));
    for (NodeStatus other : context.statuses().get()) {
      if (other.state() == NodeStatus.State.DOWN) {
        notes.setFor(downKey(other.node()), DownNote.encode(other.since()), REMEMBERED_SECONDS);
      }
    }
    if (!notes.isEmpty()) {
      unanswered = true;
      // A note that the node does not take is missing, and so says that nothing is known.
      connection.sendAside(notes, (batch, result) -> unanswered = false);
    }
  }

  private byte[] fillKey(int partition) {
    return CheckpointKey.ofFill(context.group(), context.topic().name(), partition).getBytes(UTF_8);
  }

  private byte[] waitKey(int partition) {
    return CheckpointKey.ofWait(context.group(), context.topic().name(), partition).getBytes(UTF_8);
  }

  private byte[] downKey(String node) {
    return CheckpointKey.ofDown(context.group(), context.topic().name(), node).getBytes(UTF_8);
  }
}
