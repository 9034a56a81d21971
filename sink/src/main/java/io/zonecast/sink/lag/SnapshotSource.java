package io.zonecast.sink.lag;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** Looks at the cache's nodes: their checkpoints and their memory. */
@FunctionalInterface
public interface SnapshotSource {
  /** For a report without the cache's nodes. */
  SnapshotSource NONE = (topicId, partitions) -> List.of();

  /**
   * Looks once; a node that does not answer is reported, not thrown.
   *
   * @param topicId which topic of its name it is: a checkpoint of another one counts for nothing
   * @return one for each node, in the order of the pool
   */
  List<NodeSnapshot> look(Uuid topicId, Collection<Integer> partitions);

  /**
   * How each node stands against given offsets, whatever its group has committed; from one look.
   *
   * @param ends for each partition, the offset below which the node must have everything
   */
  default List<NodeLag> against(Map<Integer, Long> ends, Uuid topicId, Instant now) {
    Map<Integer, NodeProgress.Target> targets = new HashMap<>();
    ends.forEach(
        (partition, end) -> targets.put(partition, new NodeProgress.Target(0, end, end, end)));
    return look(topicId, ends.keySet()).stream()
        .map(sight -> new NodeProgress(sight, sight, targets, false).lag(now, null))
        .toList();
  }
}
