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
 * Takes nodes' checkpoints away, each by the CAS it was read with. Whoever keeps a node finds
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
    /** The nodes remember nothing any more; {@code checkpoints} is how many they had. */
    record Removed(int checkpoints) implements Outcome {}

    /**
     * {@code node} was written from another topic of this name, whose rows may be missing in this
     * one. Nothing was removed, of any node.
     */
    record OfAnotherTopic(NodeAddress node) implements Outcome {}
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
   * Removes the checkpoints of every partition from {@code nodes}, once it has looked at all of
   * them: where one is refused, none forgets anything.
   *
   * @param acceptNewTopic whether to do so where they are of another topic of this name
   * @throws SettingsDifferException if a node was written with other settings
   * @throws IOException if a node cannot be reached or does not do as it is told
   */
  public Outcome remove(List<NodeAddress> nodes, boolean acceptNewTopic) throws IOException {
    for (NodeAddress node : nodes) {
      if (!isOfThisTopic(node) && !acceptNewTopic) {
        return new Outcome.OfAnotherTopic(node);
      }
    }
    int removed = 0;
    for (NodeAddress node : nodes) {
      removed += remove(node);
    }
    return new Outcome.Removed(removed);
  }

  private boolean isOfThisTopic(NodeAddress node) throws IOException {
    boolean all = true;
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      for (CheckpointEntry entry : connection.readEntries(keys())) {
        Optional<Checkpoint> checkpoint = decode(entry);
        all &= checkpoint.isEmpty() || isOfThisTopic(node, checkpoint.get());
      }
    }
    return all;
  }

  private int remove(NodeAddress node) throws IOException {
    int removed = 0;
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      List<CheckpointEntry> entries = connection.readEntries(keys());
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
    return removed;
  }

  private List<String> keys() {
    return IntStream.range(0, topic.partitions())
        .mapToObj(partition -> CheckpointKey.of(group, topic.name(), partition))
        .toList();
  }

  private static Optional<Checkpoint> decode(CheckpointEntry entry) {
    return entry instanceof CheckpointEntry.Present present
        ? Checkpoint.decode(present.value())
        : Optional.empty();
  }

  private boolean isOfThisTopic(NodeAddress node, Checkpoint checkpoint) {
    List<String> differences = checkpoint.differencesFrom(writtenWith);
    if (!differences.isEmpty()) {
      throw new SettingsDifferException(node.toString(), differences);
    }
    return checkpoint.topicId().equals(topic.topicId());
  }
}
