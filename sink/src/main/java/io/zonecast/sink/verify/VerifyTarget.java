package io.zonecast.sink.verify;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.owner.Claimant;
import java.util.List;

/**
 * A pool, and the topic that it must equal.
 *
 * @param us the owner of the entries, with what its sinks write them with
 * @param layout of the entries, with all nodes of the pool
 * @param compared the nodes to look at, each of the pool
 * @param maxTableBytes memory for the topic's side of the comparison; more comes in several passes
 */
public record VerifyTarget(
    Claimant us,
    CacheLayout layout,
    List<NodeAddress> compared,
    ConnectionSettings connections,
    long maxTableBytes) {

  public VerifyTarget {
    compared = List.copyOf(compared);
    for (NodeAddress node : compared) {
      if (!layout.nodes().contains(node)) {
        throw new IllegalArgumentException(
            "node %s is not one of the pool %s; name one of those".formatted(node, layout.nodes()));
      }
    }
  }

  List<NodeAddress> pool() {
    return layout.nodes();
  }

  TopicInfo topic() {
    return us.topic();
  }

  WrittenWith writtenWith() {
    return us.writtenWith();
  }
}
