package io.zonecast.sink.verify;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Mends one node without writing a value. What should not be there is deleted, each entry only as
 * it was seen; for the rest the checkpoint is moved back, and whoever keeps the node fills it.
 */
final class Repair {
  private static final int BATCH_ENTRIES = 5_000;
  private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);

  /** A sink writes a checkpoint twice a second at most: being overtaken so often is no accident. */
  private static final int MOST_TRIES = 20;

  private final NodeConnection connection;
  private final String group;
  private final TopicInfo topic;
  private final WrittenWith writtenWith;

  Repair(NodeConnection connection, String group, TopicInfo topic, WrittenWith writtenWith) {
    this.connection = connection;
    this.group = group;
    this.topic = topic;
    this.writtenWith = writtenWith;
  }

  /**
   * Deletes entries that have not changed since they were seen.
   *
   * @param extras keys without the prefix, each with its CAS
   * @return how many were deleted
   */
  long delete(KeyList extras) throws IOException {
    long deleted = 0;
    EntryBatch batch = new EntryBatch(writtenWith.keyPrefix(), 0);
    for (int i = 0; i < extras.size(); i++) {
      ValueBatch.require(
          batch.deleteIfUnchanged(
              extras.bytes(), extras.start(i), extras.length(i), extras.number(i)));
      if (batch.count() == BATCH_ENTRIES || i == extras.size() - 1) {
        // EX to one of them means that somebody wrote it meanwhile: then it is theirs.
        deleted += batch.count() - connection.sendLoud(batch, BATCH_TIMEOUT).size();
        batch.clear();
      }
    }
    return deleted;
  }

  /** Has these partitions filled again, by saying so in their checkpoints. */
  void moveBack(Set<Integer> partitions) throws IOException {
    List<Integer> left = new ArrayList<>(partitions);
    for (int tries = 0; !left.isEmpty(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IOException(
            "memcached %s: its checkpoints change faster than they can be moved back; try again"
                .formatted(connection.address()));
      }
      List<Integer> overtaken = new ArrayList<>();
      List<CheckpointEntry> entries = checkpoints(left);
      for (int i = 0; i < entries.size(); i++) {
        // One that is missing is filled anyway.
        if (entries.get(i) instanceof CheckpointEntry.Present present
            && !moveBack(left.get(i), present)) {
          overtaken.add(left.get(i));
        }
      }
      left = overtaken;
    }
  }

  private boolean moveBack(int partition, CheckpointEntry.Present present) throws IOException {
    Optional<Checkpoint> found = Checkpoint.decode(present.value());
    if (found.isEmpty() || found.get().state() == Checkpoint.State.FILLING) {
      // What nobody understands is as good as missing: both are filled from the beginning.
      return true;
    }
    Checkpoint there = found.get();
    // Its writer stays named, and so do the suspects: their batches may still be on their way.
    Checkpoint back =
        Checkpoint.filling(
            topic.topicId(),
            partition,
            there.conn(),
            writtenWith,
            there.sinceMillis(),
            there.suspects());
    return connection.replace(present.key(), present.cas(), back.encode())
        instanceof CasResult.Done;
  }

  /** Whether a sink has filled all of these partitions since. */
  boolean isRefilled(Set<Integer> partitions) throws IOException {
    return checkpoints(List.copyOf(partitions)).stream()
        .allMatch(
            entry ->
                entry instanceof CheckpointEntry.Present present
                    && Checkpoint.decode(present.value())
                        .filter(found -> found.state() == Checkpoint.State.LIVE)
                        .isPresent());
  }

  private List<CheckpointEntry> checkpoints(List<Integer> partitions) throws IOException {
    return connection.readEntries(
        partitions.stream()
            .map(partition -> CheckpointKey.of(group, topic.name(), partition))
            .toList());
  }
}
