package io.zonecast.app.command;

import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.node.NodeStatus;
import org.jspecify.annotations.Nullable;

/** Hears of a node that a strict sink does not fill, since it is too small. */
final class MemoryRefusal implements SinkEvents {
  private volatile @Nullable MemoryVerdict refused;

  /** A node stays as it is; the message says what it would take. */
  static final class NodeTooSmallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NodeTooSmallException(MemoryVerdict verdict) {
      super(verdict.toString());
    }
  }

  void throwIfAny() {
    MemoryVerdict verdict = refused;
    if (verdict != null) {
      throw new NodeTooSmallException(verdict);
    }
  }

  @Override
  public void weighed(MemoryVerdict verdict, int counted, int partitions) {
    if (!verdict.fits()) {
      refused = verdict;
    }
  }

  @Override
  public void acknowledged(int entries, long oldestTimestampMillis) {}

  @Override
  public void filled(String node, int partition, long nextOffset, long entries, long nanos) {}

  @Override
  public void swept(String node, int partition, long entries) {}

  @Override
  public void changed(NodeStatus before, NodeStatus now) {}
}
