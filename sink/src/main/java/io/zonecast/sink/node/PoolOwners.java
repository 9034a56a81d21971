package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.owner.OwnerCheck;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the keepers of a pool share to find out which nodes are ours.
 *
 * @param tokens what each keeper wrote on its node down the connection that it has now: one that
 *     can be read through another node's connection shows that the two are one server
 */
record PoolOwners(
    List<NodeAddress> nodes,
    OwnerCheck check,
    FirstLooks firstLooks,
    Map<NodeAddress, String> tokens) {
  static PoolOwners of(List<NodeAddress> nodes, OwnerCheck check) {
    return new PoolOwners(
        List.copyOf(nodes), check, new FirstLooks(nodes), new ConcurrentHashMap<>());
  }
}
