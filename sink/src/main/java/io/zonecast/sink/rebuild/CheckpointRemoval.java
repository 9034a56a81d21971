package io.zonecast.sink.rebuild;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.node.SettingsDifferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Takes a node's checkpoints away, each by the CAS it was read with. Whoever keeps the node finds
 * within two seconds that it remembers nothing, and fills it from the beginning; its entries stay
 * readable meanwhile.
 */
public final class CheckpointRemoval {
  /** A sink writes a checkpoint twice a second at most: being overtaken so often is no accident. */
  private static final int MOST_TRIES = 20;

  private final String group;
  private final TopicInfo topic;
  private final WrittenWith writtenWith;
  private final ConnectionSettings connections;

  /** What came of it. */
  public sealed interface Outcome {
    /** The node remembers nothing any more; {@code checkpoints} is how many it had. */
    record Removed(int checkpoints) implements Outcome {}

    /**
     * The node was written from another topic of this name, whose rows may be missing in this one.
     * Nothing was removed.
     */
    record OfAnotherTopic() implements Outcome {}
  }

  /**
   * @param writtenWith the settings of this command, which must be those of the entries
   */
  public CheckpointRemoval(
      String group, TopicInfo topic, WrittenWith writtenWith, ConnectionSettings connections) {
    this.group = group;
    this.topic = topic;
    this.writtenWith = writtenWith;
    this.connections = connections;
  }

  /**
   * Removes the checkpoints of every partition from {@code node}.
   *
   * @param acceptNewTopic whether to do so where they are of another topic of this name
   * @throws SettingsDifferException if the node was written with other settings
   * @throws IOException if the node cannot be reached or does not do as it is told
   */
  public Outcome remove(NodeAddress node, boolean acceptNewTopic) throws IOException {
    List<String> keys =
        IntStream.range(0, topic.partitions())
            .mapToObj(partition -> CheckpointKey.of(group, topic.name(), partition))
            .toList();
    int removed = 0;
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      List<CheckpointEntry> entries = connection.readEntries(keys);
      for (CheckpointEntry entry : entries) {
        Optional<Checkpoint> checkpoint = decode(entry);
        if (checkpoint.isPresent() && !check(node, checkpoint.get()) && !acceptNewTopic) {
          return new Outcome.OfAnotherTopic();
        }
      }
      for (int tries = 0; !entries.isEmpty(); tries++) {
        if (tries == MOST_TRIES) {
          throw new IOException(
              "memcached %s: its checkpoints change faster than they can be removed; try again"
                  .formatted(node));
        }
        List<String> overtaken = new ArrayList<>();
        for (CheckpointEntry entry : entries) {
          if (entry instanceof CheckpointEntry.Present present) {
            CasResult result = connection.delete(present.key(), present.cas());
            if (result instanceof CasResult.Done) {
              removed++;
            } else {
              overtaken.add(present.key());
            }
          }
        }
        entries = overtaken.isEmpty() ? List.of() : connection.readEntries(overtaken);
      }
    }
    return new Outcome.Removed(removed);
  }

  private static Optional<Checkpoint> decode(CheckpointEntry entry) {
    return entry instanceof CheckpointEntry.Present present
        ? Checkpoint.decode(present.value())
        : Optional.empty();
  }

  /** Whether the checkpoint is of this topic. */
  private boolean check(NodeAddress node, Checkpoint checkpoint) {
    if (!writtenWith.sameEntriesAs(checkpoint.writtenWith())) {
      throw new SettingsDifferException(
          node.toString(), writtenWith.differencesFrom(checkpoint.writtenWith()));
    }
    return checkpoint.topicId().equals(topic.topicId());
  }
}
