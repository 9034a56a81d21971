package io.zonecast.sink.lag;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The nodes of a group's cache, as one look or two found them. */
record Pool(
    SnapshotSource look,
    Uuid topicId,
    List<Integer> partitions,
    List<NodeSnapshot> first,
    List<NodeSnapshot> last,
    boolean watched) {

  /**
   * Looks at the nodes. A group whose commits are none of a sink's and that has no checkpoint
   * anywhere is an application's own: it keeps no cache, and nodes say nothing of it.
   */
  static Pool look(
      SnapshotSource nodes, Uuid topicId, List<TopicPartition> partitions, GroupSample sample) {
    List<Integer> numbers = partitions.stream().map(TopicPartition::partition).toList();
    List<NodeSnapshot> found = nodes.look(topicId, numbers);
    boolean foreign =
        !sample.hasNoCommit()
            && !sample.bySink()
            && found.stream().noneMatch(NodeSnapshot::hasACheckpoint);
    return foreign
        ? new Pool(SnapshotSource.NONE, topicId, numbers, List.of(), List.of(), false)
        : new Pool(nodes, topicId, numbers, found, found, false);
  }

  /** The same after a while. */
  Pool lookAgain() {
    return new Pool(look, topicId, partitions, first, look.look(topicId, partitions), true);
  }

  /** What the nodes did between the looks, while the group went from one sample to the other. */
  List<NodeProgress> movements(GroupSample before, GroupSample after) {
    Map<Integer, NodeProgress.Target> targets = new HashMap<>();
    after
        .partitions()
        .forEach(
            (partition, at) -> {
              long stableThen = before.at(partition).stable();
              Long committedThen = before.at(partition).next();
              targets.put(
                  partition.partition(),
                  new NodeProgress.Target(
                      at.start(),
                      committedThen == null ? stableThen : Math.min(committedThen, stableThen),
                      stableThen,
                      at.stable()));
            });
    List<NodeProgress> movements = new ArrayList<>();
    for (int i = 0; i < last.size(); i++) {
      movements.add(new NodeProgress(first.get(i), last.get(i), targets, watched));
    }
    return movements;
  }

  /** Since when a node is down, as the others of the pool remember it; null if none does. */
  @Nullable Instant downSince(NodeProgress node) {
    return last.stream()
        .map(other -> other.downSince().get(node.address()))
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }
}
