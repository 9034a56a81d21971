package io.zonecast.sink.verify;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs nodes without writing a value. Deletes entries that should not be there, unless they have
 * changed since they were read. For missing and different entries it moves the checkpoint back, and
 * the node's sink fills them.
 */
record Repair(VerifyTarget target) {
  private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

  private static final int BATCH_ENTRIES = 5_000;
  private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REFILL_LIMIT = Duration.ofMinutes(2);
  private static final Duration REFILL_CHECK = Duration.ofMillis(200);

  /**
   * Repairs these nodes, and waits until sinks have filled what is missing, two minutes at most.
   *
   * @throws RepairRefusedException if a node was written from another topic of this name
   * @throws IOException if a node cannot be reached, or does not do as it is told
   */
  void mend(List<NodeComparison> damaged) throws IOException, InterruptedException {
    damaged.forEach(this::requireSameTopic);
    for (NodeComparison each : damaged) {
      try (NodeConnection connection = NodeConnection.open(each.node(), target.connections())) {
        long deleted = delete(connection, each.extraEntries());
        var checkpoints = new CheckpointStore(connection);
        for (String key : damagedKeys(each)) {
          checkpoints.moveBack(key);
        }
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
        var checkpoints = new CheckpointStore(connection);
        List<String> keys = damagedKeys(each);
        while (!isRefilled(checkpoints, keys) && System.nanoTime() - deadline < 0) {
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

  /** Whether a sink has filled all of these partitions since. */
  private static boolean isRefilled(CheckpointStore checkpoints, List<String> keys)
      throws IOException {
    List<Checkpoint> there = checkpoints.read(keys);
    return there.size() == keys.size()
        && there.stream().allMatch(found -> found.state() == Checkpoint.State.LIVE);
  }

  private List<String> damagedKeys(NodeComparison damaged) {
    return damaged.damagedPartitions().stream().map(target.us().checkpointKeys()::get).toList();
  }
}
