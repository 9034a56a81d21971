package io.zonecast.sink.fill;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.timing.Timing;

/**
 * The node that is filled, and whose sink fills it.
 *
 * @param index its place in the pool, as placement counts
 */
public record FilledNode(
    NodeConnection connection,
    int index,
    Claimant us,
    ConnectionSettings connections,
    Timing timing) {

  String name() {
    return connection.address().toString();
  }
}
