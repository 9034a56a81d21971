package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.checkpoint.CheckpointKey;
import java.util.List;

/**
 * A table on the nodes: a topic, the group of sinks that keeps the nodes equal to it, and the
 * prefix of its entries.
 */
record SimTable(
    SimTopic topic, SimGroup group, String prefix, Placement placement, List<String> keys) {
  /** The index of the node that a row lives on. */
  int nodeOf(String key) {
    byte[] bytes = (prefix + key).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return placement.nodeFor(bytes, 0, bytes.length);
  }

  /** The key of a partition's checkpoint, on each node. */
  String checkpointKey(int partition) {
    return CheckpointKey.of(group.name(), topic.name(), partition);
  }

  @Override
  public String toString() {
    return topic.name();
  }
}
