package io.zonecast.bench.replay;

import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.node.NodeStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Measures one fill of a node: from the first partition asked for to the last one acknowledged. */
final class FillWatch implements SinkEvents {
  private final int partitions;
  private final Set<Integer> filled = new HashSet<>();
  private long startNanos;
  private long endNanos;

  FillWatch(int partitions) {
    this.partitions = partitions;
  }

  /** Forgets the fills so far. */
  synchronized void begin() {
    filled.clear();
    startNanos = Long.MAX_VALUE;
  }

  /** Waits until every partition has been filled since {@link #begin}. */
  synchronized Duration await(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (filled.size() < partitions) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new IllegalStateException(
            "%d of %d partitions filled after %s".formatted(filled.size(), partitions, limit));
      }
      wait(left / 1_000_000 + 1);
    }
    return Duration.ofNanos(endNanos - startNanos);
  }

  @Override
  public synchronized void filled(
      String node, int partition, long nextOffset, long entries, long nanos) {
    endNanos = System.nanoTime();
    startNanos = Math.min(startNanos, endNanos - nanos);
    filled.add(partition);
    notifyAll();
  }

  @Override
  public void acknowledged(int entries, long oldestTimestampMillis) {}

  @Override
  public void swept(String node, int partition, long entries) {}

  @Override
  public void changed(NodeStatus before, NodeStatus now) {}
}
