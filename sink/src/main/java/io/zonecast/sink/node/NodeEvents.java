package io.zonecast.sink.node;

/** Hears what happens to nodes, for events and metrics. Called on the keepers' threads. */
public interface NodeEvents {

  /** A node's partition holds all below {@code nextOffset} and goes live. */
  void filled(String node, int partition, long nextOffset, long entries, long nanos);

  /** Entries that the topic does not have, or that live elsewhere, were deleted. */
  void swept(String node, int partition, long entries);

  /** The node's state has changed. */
  void changed(NodeStatus before, NodeStatus now);
}
