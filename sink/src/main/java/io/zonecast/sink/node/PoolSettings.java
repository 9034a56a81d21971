package io.zonecast.sink.node;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import java.util.List;

/**
 * The pool that a sink keeps, and how.
 *
 * @param nodes in the order in which placement counts them
 * @param us whose sink this is, and what it writes with
 * @param owners finds out which nodes are ours
 * @param changeSettings whether to replace entries that were written with other settings
 * @param strictMemory whether a node that is too small for its share is not filled at all
 */
public record PoolSettings(
    List<NodeAddress> nodes,
    Claimant us,
    OwnerCheck owners,
    boolean changeSettings,
    boolean strictMemory,
    ConnectionSettings connections) {
  public PoolSettings {
    nodes = List.copyOf(nodes);
  }
}
