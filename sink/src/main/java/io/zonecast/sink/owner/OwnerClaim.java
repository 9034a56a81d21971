package io.zonecast.sink.owner;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What a node records of the owner of a prefix. Only {@code owner} decides whose the entries are;
 * the rest says what the owner wrote last.
 *
 * @param node the node's own name, {@code host:port}, as its owner's {@code --memcached} has it
 * @param pool all nodes of the owner's list
 */
public record OwnerClaim(Owner owner, Uuid topicId, String node, List<String> pool) {
  public OwnerClaim {
    pool = List.copyOf(pool);
  }
}
