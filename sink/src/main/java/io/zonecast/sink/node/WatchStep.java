package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.fill.NodeFill;
import io.zonecast.sink.owner.NodeOwners;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what a node remembers: writes how far the lanes have got, and reads that back. A flush or
 * a restart (a wipe), an eviction or another owner shows within a second.
 */
final class WatchStep {
  private static final Logger LOG = LoggerFactory.getLogger(WatchStep.class);

  private static final long WRITE_EVERY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long READ_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long REFRESH_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final NodeContext context;
  private final NodeConnection connection;
  private final String node;
  private final Map<Integer, PartitionLane> lanes;
  private final LaneCheckpoints checkpoints;
  private final SuspectWatch suspects;
  private final NodeNotes notes;
  private final OwnerStep owner;
  private long lastWriteNanos;
  private long lastRefreshNanos;
  private long lastReadNanos;
  private long heardNanos;

  WatchStep(
      NodeContext context,
      NodeConnection connection,
      Map<Integer, PartitionLane> lanes,
      LaneCheckpoints checkpoints,
      SuspectWatch suspects,
      NodeNotes notes,
      OwnerStep owner) {
    this.context = context;
    this.connection = connection;
    this.node = connection.address().toString();
    this.lanes = lanes;
    this.checkpoints = checkpoints;
    this.suspects = suspects;
    this.notes = notes;
    this.owner = owner;
    this.lastWriteNanos = context.timing().nanoTime();
    this.lastRefreshNanos = lastWriteNanos;
    this.lastReadNanos = lastWriteNanos;
    this.heardNanos = lastWriteNanos;
  }

  /**
   * When the node was last asked for what was written, and answered, in nanoseconds of the given
   * clock.
   */
  long heardNanos() {
    return heardNanos;
  }

  void tick() throws IOException, InterruptedException {
    notes.tick();
    long now = context.timing().nanoTime();
    if (now - lastWriteNanos >= WRITE_EVERY_NANOS) {
      lastWriteNanos = now;
      boolean refresh = now - lastRefreshNanos >= REFRESH_EVERY_NANOS;
      lastRefreshNanos = refresh ? now : lastRefreshNanos;
      writeCheckpoints(refresh);
    }
    if (now - lastReadNanos >= READ_EVERY_NANOS) {
      lastReadNanos = now;
      readCheckpoints();
      heardNanos = now;
      mendAfterSuspects();
    }
  }

  /** As {@link #tick}, from within something longer; what fails closes the connection. */
  void tickQuietly() {
    try {
      tick();
    } catch (IOException e) {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Fills a partition again if a former writer that was connected during the fill has gone. */
  private void mendAfterSuspects() throws IOException {
    for (PartitionLane lane : lanes.values()) {
      if (lane.phase() instanceof Phase.Live live
          && !live.claim().suspects().isEmpty()
          && suspects.stillThere(live.claim().suspects()).size() < live.claim().suspects().size()) {
        LOG.info("node={} partition={} a former writer has gone: filling again", node, lane);
        lane.startAgain(Retry.AT_ONCE, "");
      }
    }
  }

  /** Writes how far each live lane has got; if nothing moved, only once a minute. */
  private void writeCheckpoints(boolean refresh) throws IOException, InterruptedException {
    Map<PartitionLane, Checkpoint> wanted = new LinkedHashMap<>();
    for (PartitionLane lane : lanes.values()) {
      if (!(lane.phase() instanceof Phase.Live live)) {
        continue;
      }
      PartitionPosition acknowledged = live.live().acknowledged();
      Checkpoint held = live.claim().checkpoint();
      long time = Math.max(acknowledged.timeMillis(), timeInStep(lane, acknowledged));
      long since = context.inForce().sinceMillis();
      if (acknowledged.nextOffset() != held.nextOffset()
          || (refresh && time > held.timeMillis())
          || since != held.sinceMillis()) {
        wanted.put(
            lane,
            held.live(acknowledged.notBefore(Math.max(time, held.timeMillis()))).since(since));
      }
      if (!isFreshlyFilled(live.fill())
          && Math.max(time, held.timeMillis()) < context.tombstonesSince()) {
        // So far behind that deletes may have been compacted away unheard.
        LOG.warn("node={} partition={} is behind further than tombstones live", node, lane);
        lane.startAgain(Retry.AT_ONCE, "");
        wanted.remove(lane);
      }
    }
    checkpoints.replaceAll(wanted);
  }

  /**
   * Whether the lane has been filled from the beginning since the tombstones that are there now
   * were written: then no other fill would do better, as behind a record that cannot be read yet.
   */
  private boolean isFreshlyFilled(NodeFill fill) {
    return fill.fromOffset() == 0 && context.tombstones().outlives(fill.age());
  }

  private long timeInStep(PartitionLane lane, PartitionPosition acknowledged) {
    var ends = context.access().ends().get().get(lane.partition());
    return ends != null
        ? ends.earliestWriteAfter(acknowledged.nextOffset(), acknowledged.timeMillis())
        : 0;
  }

  /** Reads back what was written: a wipe, an eviction or another owner shows here. */
  private void readCheckpoints() throws IOException {
    // A checkpoint on its way is neither the one that we know nor another's.
    List<PartitionLane> held =
        lanes.values().stream()
            .filter(lane -> lane.isHeld() && !(lane.phase() instanceof Phase.Finishing))
            .toList();
    List<String> keys = new ArrayList<>(List.of(NodeOwners.KEY));
    held.forEach(lane -> keys.add(checkpoints.key(lane)));
    List<VersionedEntry> read = connection.readEntries(keys);
    owner.readBack(connection, read.get(0));
    List<VersionedEntry> entries = read.subList(1, read.size());
    List<Integer> gone = new ArrayList<>();
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < held.size(); i++) {
      PartitionLane lane = held.get(i);
      if (entries.get(i) instanceof VersionedEntry.Present present) {
        if (present.cas() != lane.held().cas()) {
          changed.add(lane.partition());
          lane.startAgain(Retry.AT_ONCE);
        }
      } else {
        gone.add(lane.partition());
        lane.startAgain(Retry.AT_ONCE);
      }
    }
    if (!gone.isEmpty()) {
      LOG.warn("node={} partitions={} checkpoints are gone: filling again", node, gone);
    }
    if (!changed.isEmpty()) {
      LOG.warn("node={} partitions={} checkpoints were written by another", node, changed);
    }
  }
}
