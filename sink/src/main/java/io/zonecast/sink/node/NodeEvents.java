package io.zonecast.sink.node;

import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.SetManyResult;

/**
 * Hears what happens to nodes, for events and metrics. Called on the keepers' threads, but for
 * {@link #took}.
 */
public interface NodeEvents {

  /** A node's partition holds all below {@code nextOffset} and goes live. */
  void filled(String node, int partition, long nextOffset, long entries, long nanos);

  /** Entries that the topic does not have, or that live elsewhere, were deleted. */
  void swept(String node, int partition, long entries);

  /**
   * It has been worked out whether the node has room for its share of the table.
   *
   * @param counted in how many partitions the rows were counted; the rest is extrapolated
   */
  default void weighed(MemoryVerdict verdict, int counted, int partitions) {}

  /**
   * A set-many has come to its end, of live records, of a fill or of a sweep. Called on the
   * connection's thread, for each: be very quick.
   *
   * @param entries how many it had, applied or not
   * @param nanos from when it was handed over until all of it was answered
   */
  default void took(String node, SetManyResult result, int entries, long nanos) {}

  void changed(NodeStatus before, NodeStatus now);
}
