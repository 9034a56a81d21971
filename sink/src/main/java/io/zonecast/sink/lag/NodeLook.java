package io.zonecast.sink.lag;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** Looks at the cache's nodes: their checkpoints and their memory. */
@FunctionalInterface
public interface NodeLook {
  /** For a group whose cache nobody asks about. */
  NodeLook NONE = (topicId, stableEnds) -> List.of();

  /**
   * Looks once; a node that does not answer is reported, not thrown.
   *
   * @param topicId which topic of its name it is: a checkpoint of another one counts for nothing
   * @param stableEnds the last stable offset of each partition
   */
  List<NodeLag> look(Uuid topicId, Map<Integer, Long> stableEnds);
}
