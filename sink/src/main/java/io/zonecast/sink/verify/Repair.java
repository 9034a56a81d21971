package io.zonecast.sink.verify;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends nodes without writing a value. What should not be there is deleted, each entry only as it
 * was seen; for the rest the checkpoint is moved back, and the sink that keeps the node fills it.
 */
final class Repair {
  private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

  private static final int BATCH_ENTRIES = 5_000;
  private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REFILL_LIMIT = Duration.ofMinutes(2);
  private static final Duration REFILL_CHECK = Duration.ofMillis(200);

  /** A sink writes a checkpoint twice a second at most: being overtaken so often is no accident. */
  private static final int MOST_TRIES = 20;

  private final VerifyTarget target;

  Repair(VerifyTarget target) {
    this.target = target;
  }

  /**
   * Mends these nodes, and waits until sinks have filled what has to be filled, two minutes at
   * most.
   *
   * @throws RepairRefusedException if a node was written from another topic of this name
   * @throws IOException if a node cannot be reached, or does not do as it is told
   */
  void mend(List<NodeComparison> damaged) throws IOException, InterruptedException {
    damaged.forEach(this::requireSameTopic);
    for (NodeComparison each : damaged) {
      try (NodeConnection connection = NodeConnection.open(each.node(), target.connections())) {
        long deleted = delete(connection, each.extraEntries());
        moveBack(connection, each.damagedPartitions());
        LOG.info(
            "node={} deleted={} partitions={} are to be filled again",
            each.node(),
            deleted,
            each.damagedPartitions());
      }
    }
    long deadline = System.nanoTime() + REFILL_LIMIT.toNanos();
    for (NodeComparison each : damaged) {
      try (NodeConnection connection = NodeConnection.open(each.node(), target.connections())) {
        while (!isRefilled(connection, each.damagedPartitions())
            && System.nanoTime() - deadline < 0) {
          TimeUnit.MILLISECONDS.sleep(REFILL_CHECK.toMillis());
        }
      }
    }
  }

  private void requireSameTopic(NodeComparison damaged) {
    for (Checkpoint checkpoint : damaged.checkpoints()) {
      if (!checkpoint.topicId().equals(target.topic().topicId())) {
        throw new RepairRefusedException(
            ("node %s was written from another topic named %s, whose rows this one may not have:"
                    + " nothing was repaired; if this topic is right, zonecast rebuild"
                    + " --accept-new-topic")
                .formatted(damaged.node(), target.topic().name()));
      }
    }
  }

  /**
   * Deletes entries that have not changed since they were seen.
   *
   * @param extras keys without the prefix, each with its CAS
   * @return how many were deleted
   */
  private long delete(NodeConnection connection, KeyList extras) throws IOException {
    long deleted = 0;
    EntryBatch batch = new EntryBatch(target.writtenWith().keyPrefix(), 0);
    for (int i = 0; i < extras.size(); i++) {
      EntryReading.require(
          batch.deleteIfUnchanged(
              extras.bytes(), extras.start(i), extras.length(i), extras.number(i)));
      if (batch.count() == BATCH_ENTRIES || i == extras.size() - 1) {
        // EX to one of them means that it was written meanwhile: it is another entry now.
        deleted += batch.count() - connection.sendLoud(batch, BATCH_TIMEOUT).size();
        batch.clear();
      }
    }
    return deleted;
  }

  /** Has these partitions filled again, by saying so in their checkpoints. */
  private void moveBack(NodeConnection connection, Set<Integer> partitions) throws IOException {
    List<Integer> left = new ArrayList<>(partitions);
    for (int tries = 0; !left.isEmpty(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IOException(
            "memcached %s: its checkpoints change faster than they can be moved back; try again"
                .formatted(connection.address()));
      }
      List<Integer> overtaken = new ArrayList<>();
      List<CheckpointEntry> entries = checkpoints(connection, left);
      for (int i = 0; i < entries.size(); i++) {
        // One that is missing is filled anyway.
        if (entries.get(i) instanceof CheckpointEntry.Present present
            && !moveBack(connection, left.get(i), present)) {
          overtaken.add(left.get(i));
        }
      }
      left = overtaken;
    }
  }

  private boolean moveBack(
      NodeConnection connection, int partition, CheckpointEntry.Present present)
      throws IOException {
    Optional<Checkpoint> found = Checkpoint.in(present);
    if (found.isEmpty() || found.get().state() == Checkpoint.State.FILLING) {
      // What cannot be understood is treated as missing: both are filled from the beginning.
      return true;
    }
    Checkpoint there = found.get();
    // Its writer stays named, and so do the suspects: their batches may still be on their way.
    Checkpoint back =
        Checkpoint.filling(
            target.topic().topicId(),
            partition,
            there.conn(),
            target.writtenWith(),
            there.sinceMillis(),
            there.suspects());
    return connection.replace(present.key(), present.cas(), back.encode())
        instanceof CasResult.Done;
  }

  /** Whether a sink has filled all of these partitions since. */
  private boolean isRefilled(NodeConnection connection, Set<Integer> partitions)
      throws IOException {
    return checkpoints(connection, List.copyOf(partitions)).stream()
        .allMatch(
            entry ->
                Checkpoint.in(entry)
                    .filter(found -> found.state() == Checkpoint.State.LIVE)
                    .isPresent());
  }

  private List<CheckpointEntry> checkpoints(NodeConnection connection, List<Integer> partitions)
      throws IOException {
    return connection.readEntries(
        partitions.stream().map(target.us().checkpointKeys()::get).toList());
  }
}
