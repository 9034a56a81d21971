package io.zonecast.sink.node;

import io.zonecast.sink.cache.MemoryVerdict;

/** Hears what happens to nodes, for events and metrics. Called on the keepers' threads. */
public interface NodeEvents {

  /** A node's partition holds all below {@code nextOffset} and goes live. */
  void filled(String node, int partition, long nextOffset, long entries, long nanos);

  /** Entries that the topic does not have, or that live elsewhere, were deleted. */
  void swept(String node, int partition, long entries);

  /**
   * It has been worked out whether the node has room for its share of the table.
   *
   * @param counted of so many partitions the rows were added up; the others are taken to be alike
   */
  default void weighed(MemoryVerdict verdict, int counted, int partitions) {}

  /** The node's state has changed. */
  void changed(NodeStatus before, NodeStatus now);
}
