package io.zonecast.sink.lag;

import java.util.List;
import java.util.Map;

/** Looks at the cache's nodes: their checkpoints and their memory. */
@FunctionalInterface
public interface NodeLook {
  /** For a group whose cache nobody asks about. */
  NodeLook NONE = stableEnds -> List.of();

  /**
   * Looks once; a node that does not answer is reported, not thrown.
   *
   * @param stableEnds the last stable offset of each partition
   */
  List<NodeLag> look(Map<Integer, Long> stableEnds);
}
