package io.zonecast.sink.owner;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A node's record of the owner of a prefix. Only {@code owner} decides whose the entries are; the
 * rest is information.
 *
 * @param node the node's name, {@code host:port}, in its owner's {@code --memcached}
 * @param pool all nodes of the owner's list
 */
public record OwnerClaim(Owner owner, Uuid topicId, String node, List<String> pool) {
  public OwnerClaim {
    pool = List.copyOf(pool);
  }
}
