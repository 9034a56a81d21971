package io.zonecast.sink.verify;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.List;

/**
 * What is to be equal.
 *
 * @param group of the sinks, which names the checkpoints
 * @param pool all nodes, in the order in which placement counts
 * @param compared the nodes to look at, each of the pool
 * @param writtenWith what the sinks write the entries with
 * @param maxTableBytes memory for the topic's side of the comparison; more comes in several passes
 */
public record VerifyTarget(
    TopicInfo topic,
    String group,
    List<NodeAddress> pool,
    List<NodeAddress> compared,
    WrittenWith writtenWith,
    ConnectionSettings connections,
    long maxTableBytes) {

  public VerifyTarget {
    pool = List.copyOf(pool);
    compared = List.copyOf(compared);
    for (NodeAddress node : compared) {
      if (!pool.contains(node)) {
        throw new IllegalArgumentException(
            "node %s is not one of the pool %s; name one of those".formatted(node, pool));
      }
    }
  }
}
