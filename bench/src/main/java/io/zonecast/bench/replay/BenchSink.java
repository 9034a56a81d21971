package io.zonecast.bench.replay;

import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.Sink;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A sink with the command's defaults, on a thread of its own. */
final class BenchSink implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Sink sink;
  private final FillWatch fills;

  private BenchSink(Sink sink, FillWatch fills) {
    this.sink = sink;
    this.fills = fills;
  }

  /** Starts to keep one node equal to the topic; the node's first fill is being watched already. */
  static BenchSink start(BenchTopic topic, String nodeAddress) {
    FillWatch fills = new FillWatch(ZoneTopic.DEFAULT_PARTITIONS);
    fills.begin();
    BenchPool pool = new BenchPool(topic, "bench-" + UUID.randomUUID(), List.of(nodeAddress));
    Sink sink =
        new Sink(
            pool.settings(),
            ZoneTopic.DEFAULT_PARTITIONS,
            () -> new ZoneRowDecoder(BundledSchemas.load()),
            fills,
            Timing.SYSTEM);
    Thread thread = new Thread(() -> run(sink), "bench-sink");
    thread.setDaemon(true);
    thread.start();
    return new BenchSink(sink, fills);
  }

  FillWatch fills() {
    return fills;
  }

  private static void run(Sink sink) {
    try {
      sink.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

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
