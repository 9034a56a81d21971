package io.zonecast.app.command;

import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.node.NodeStatus;

/** Nobody listens: what happens is in the log. */
final class SilentEvents implements SinkEvents {
  @Override
  public void acknowledged(int entries, long oldestTimestampMillis) {}

  @Override
  public void filled(String node, int partition, long nextOffset, long entries, long nanos) {}

  @Override
  public void swept(String node, int partition, long entries) {}

  @Override
  public void changed(NodeStatus before, NodeStatus now) {}
}
