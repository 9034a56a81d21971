package io.zonecast.sink.rebuild;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointStore;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.NotOurNodeException;
import io.zonecast.sink.owner.OwnerCheck;
import java.io.IOException;
import java.util.List;

/**
 * Removes nodes' checkpoints, each by the CAS with which it was read. The sink notices within two
 * seconds and fills the node from the beginning; the entries stay readable meanwhile.
 *
 * @param us with this command's settings, which must be those of the entries
 */
public record CheckpointRemoval(Claimant us, OwnerCheck check, ConnectionSettings connections) {

  /** The result of a removal. */
  public sealed interface Outcome {
    /** The nodes have no checkpoint any more; they had n. */
    record Removed(int checkpoints) implements Outcome {}

    /**
     * {@code node} was written from another topic of this name, whose rows this one may lack.
     * Nothing was removed from any node.
     */
    record OfAnotherTopic(NodeAddress node) implements Outcome {}
  }

  /**
   * Checks all {@code nodes}, then removes the checkpoints of every partition from them. If one
   * check fails, nothing is removed.
   *
   * @param acceptNewTopic whether to remove checkpoints of another topic of this name
   * @param emptied whether the caller flushes the nodes next: then two may have changed places
   * @throws SettingsDifferException if a node was written with other settings
   * @throws NotOurNodeException if a node's entries are another owner's
   * @throws IOException if a node cannot be reached or refuses a command
   */
  public Outcome remove(List<NodeAddress> nodes, boolean acceptNewTopic, boolean emptied)
      throws IOException {
    for (NodeAddress node : nodes) {
      if (!isOfThisTopic(node, emptied) && !acceptNewTopic) {
        return new Outcome.OfAnotherTopic(node);
      }
    }
    int removed = 0;
    for (NodeAddress node : nodes) {
      removed += remove(node);
    }
    return new Outcome.Removed(removed);
  }

  private boolean isOfThisTopic(NodeAddress node, boolean emptied) throws IOException {
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      OwnerCheck.Look look = check.lookClosely(connection);
      for (Checkpoint checkpoint : look.checkpoints()) {
        List<String> differences = checkpoint.differencesFrom(us.writtenWith());
        if (!differences.isEmpty()) {
          throw new SettingsDifferException(node.toString(), differences);
        }
      }
      if (!(emptied && look.found() instanceof NodeOwnership.Swapped)) {
        look.found().requireOurs();
      }
      return look.checkpoints().stream()
          .allMatch(checkpoint -> checkpoint.topicId().equals(us.topic().topicId()));
    }
  }

  private int remove(NodeAddress node) throws IOException {
    int removed = 0;
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      var checkpoints = new CheckpointStore(connection);
      for (String key : us.checkpointKeys()) {
        removed += checkpoints.remove(key, found -> {}) ? 1 : 0;
      }
    }
    return removed;
  }
}
