package io.zonecast.bench.replay;

import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.schemas.NewTopicRule;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.Sink;
import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Runs a sink of one node with the command's defaults on its own thread, and measures its fills:
 * from the start of the first partition's fill to the end of the last one's.
 */
final class BenchSink implements SinkEvents, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PARTITIONS = ZoneTopic.DEFAULT_PARTITIONS;

  private final Sink sink;
  private final Set<Integer> filled = new HashSet<>();
  private long startNanos = Long.MAX_VALUE;
  private long endNanos;

  /** Starts to keep the node equal to the topic. */
  BenchSink(BenchTopic topic, String nodeAddress) {
    BenchPool pool = new BenchPool(topic, "bench-" + UUID.randomUUID(), List.of(nodeAddress));
    sink =
        new Sink(
            pool.settings(),
            PARTITIONS,
            NewTopicRule.ANY,
            () -> new ZoneRowDecoder(BundledSchemas.load()),
            this,
            Timing.SYSTEM);
    Thread thread = new Thread(this::run, "bench-sink");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      sink.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forgets the fills so far. */
  synchronized void forgetFills() {
    filled.clear();
    startNanos = Long.MAX_VALUE;
  }

  /** Waits until every partition has been filled since {@link #forgetFills}. */
  synchronized Duration awaitFilled(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (filled.size() < PARTITIONS) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new IllegalStateException(
            "%d of %d partitions filled after %s".formatted(filled.size(), PARTITIONS, limit));
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

  @Override
  public void close() {
    sink.close();
    try {
      if (!sink.awaitEnd(PATIENCE)) {
        throw new IllegalStateException("the sink did not end within " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
