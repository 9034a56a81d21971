package io.zonecast.sink.lag;

import java.util.Collection;
import java.util.List;
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
}
