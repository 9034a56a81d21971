package io.zonecast.sink.fill;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.TombstoneLife;
import io.zonecast.sink.owner.NodeOwners;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides from its statistics whether a node that cannot list its keys is empty of our entries. An
 * empty node needs no sweep, so that a restarted one is filled at once. For the keeper's thread.
 */
final class EmptyNodeCheck {
  private static final Logger LOG = LoggerFactory.getLogger(EmptyNodeCheck.class);

  /** A sink is connected again within seconds; what is there then, another member has just set. */
  private static final Duration JUST_STARTED = Duration.ofMinutes(1);

  private final FilledNode node;
  private final NodeConnection connection;
  private final TombstoneLife tombstones;
  private boolean wasEmpty;
  private long wasEmptyNanos;

  EmptyNodeCheck(FilledNode node) {
    this.node = node;
    this.connection = node.connection();
    this.tombstones = TombstoneLife.in(node.us().topic());
  }

  /**
   * Whether the node needs no sweep: it holds only this group's checkpoints and notes; or it held
   * nothing else earlier on this connection, and the group has filled it since; or it has just
   * started and lost its checkpoints.
   *
   * @param found the checkpoints of the lanes to fill from the beginning
   */
  boolean isFresh(Collection<Optional<Checkpoint>> found) throws IOException {
    // Only this group has set entries since then, and it will still read the deletes since then.
    if (wasEmpty
        && found.stream().allMatch(this::isOfSuchAFill)
        && tombstones.outlives(Duration.ofNanos(node.timing().nanoTime() - wasEmptyNanos))) {
      return true;
    }
    // First: a note that has expired is counted until it is asked for.
    int ours = connection.readPresent(ourKeys()).size();
    NodeStats stats;
    try {
      stats = NodeStats.read(connection);
    } catch (IOException e) {
      if (!connection.isOpen()) {
        throw e;
      }
      LOG.debug("node={} does not say what it holds", connection.address(), e);
      return false;
    }
    wasEmpty = stats.entries() <= ours;
    wasEmptyNanos = node.timing().nanoTime();
    return wasEmpty
        || (found.stream().allMatch(Optional::isEmpty)
            && stats.uptime().compareTo(JUST_STARTED) < 0);
  }

  private boolean isOfSuchAFill(Optional<Checkpoint> found) {
    return found
        .filter(
            checkpoint ->
                checkpoint.state() != Checkpoint.State.FILLING
                    || !checkpoint.topicId().equals(node.us().topic().topicId())
                    || !checkpoint.writtenWith().equals(node.us().writtenWith()))
        .isEmpty();
  }

  private List<String> ourKeys() {
    String topic = node.us().topic().name();
    String group = node.us().group();
    List<String> keys = new ArrayList<>(node.us().checkpointKeys());
    keys.add(NodeOwners.KEY);
    for (int partition = 0; partition < node.us().topic().partitions(); partition++) {
      keys.add(CheckpointKey.ofFill(group, topic, partition));
      keys.add(CheckpointKey.ofWait(group, topic, partition));
    }
    for (String other : node.us().writtenWith().nodes()) {
      keys.add(CheckpointKey.ofDown(group, topic, other));
      keys.add(CheckpointKey.ofHere(group, topic, other));
    }
    return keys;
  }
}
