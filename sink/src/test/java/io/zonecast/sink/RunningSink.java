package io.zonecast.sink;

import io.zonecast.schemas.NewTopicRule;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A sink on a thread of its own. */
final class RunningSink implements AutoCloseable {
  static final String PREFIX = "zone:";

  private final Sink sink;
  private final Counts counts;
  private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

  private RunningSink(
      SinkSettings settings,
      int partitions,
      Supplier<RowDecoder> decoders,
      SinkEvents events,
      Timing timing) {
    counts = events instanceof Counts its ? its : new Counts();
    sink = new Sink(settings, partitions, NewTopicRule.ANY, decoders, events, timing);
    var thread =
        new Thread(
            () -> {
              try {
                sink.run();
                end.complete(null);
              } catch (InterruptedException | RuntimeException e) {
                end.complete(e);
              }
            },
            "test-sink");
    thread.setDaemon(true);
    thread.start();
  }

  static RunningSink start(TestTopic topic, String group, List<String> nodes) {
    return start(topic, group, nodes, settings -> settings);
  }

  static RunningSink start(
      TestTopic topic, String group, List<String> nodes, UnaryOperator<SinkSettings> change) {
    return start(
        topic,
        change.apply(settings(topic, group, nodes)),
        () -> new ZoneRowDecoder(BundledSchemas.load()),
        Timing.SYSTEM);
  }

  static RunningSink start(
      TestTopic topic, SinkSettings settings, Supplier<RowDecoder> decoders, Timing timing) {
    return new RunningSink(settings, topic.partitions(), decoders, new Counts(), timing);
  }

  static RunningSink start(TestTopic topic, SinkSettings settings, SinkEvents events) {
    return new RunningSink(
        settings,
        topic.partitions(),
        () -> new ZoneRowDecoder(BundledSchemas.load()),
        events,
        Timing.SYSTEM);
  }

  /**
   * Runs a sink on this thread.
   *
   * @param registryUrl empty for none
   */
  static void run(
      String registryUrl,
      String bootstrapServers,
      String topic,
      int partitions,
      String group,
      List<String> nodes)
      throws InterruptedException {
    new Sink(
            settings(bootstrapServers, topic, group, nodes),
            partitions,
            NewTopicRule.ANY,
            RowSerdes.decoders(Map.of("schema.registry.url", registryUrl), topic),
            new Counts(),
            Timing.SYSTEM)
        .run();
  }

  static SinkSettings settings(TestTopic topic, String group, List<String> nodes) {
    return settings(topic.bootstrapServers(), topic.name(), group, nodes);
  }

  private static SinkSettings settings(
      String bootstrapServers, String topic, String group, List<String> nodes) {
    return SinkSettings.of(
        Map.of("bootstrap.servers", bootstrapServers),
        topic,
        group,
        CacheLayout.of(nodes.stream().map(NodeAddress::parse).toList()));
  }

  Sink sink() {
    return sink;
  }

  SinkStatus status() {
    return sink.status();
  }

  /** Sets and deletes acknowledged since the start, live and filled. */
  long entries() {
    return counts.entries.sum();
  }

  /** Records put aside since the start. */
  long deadLetters() {
    return counts.deadLetters.sum();
  }

  /** How the sink ended: null in good order, otherwise with what. */
  CompletableFuture<@Nullable Throwable> end() {
    return end;
  }

  @Override
  public void close() {
    sink.close();
    try {
      if (!sink.awaitEnd(Duration.ofSeconds(30))) {
        throw new IllegalStateException("the sink did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the sink did, for those who give it no events of their own. */
  private static final class Counts implements SinkEvents {
    private final LongAdder entries = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();

    @Override
    public void acknowledged(int count, long oldestTimestampMillis) {
      entries.add(count);
    }

    @Override
    public void filled(String node, int partition, long nextOffset, long count, long nanos) {
      entries.add(count);
    }

    @Override
    public void putAside(int partition, long records, long firstOffset, String reason) {
      deadLetters.add(records);
    }

    @Override
    public void swept(String node, int partition, long entries) {}

    @Override
    public void changed(NodeStatus before, NodeStatus now) {}
  }
}
