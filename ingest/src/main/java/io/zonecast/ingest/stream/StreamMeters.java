package io.zonecast.ingest.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a stream of updates, and Streams' own by the stock binder. {@code
 * docs/metrics-stream.md} lists them.
 */
final class StreamMeters implements MeterBinder, AutoCloseable {
  private final UpdateStream stream;
  private final String version;
  private @Nullable MeterRegistry registry;
  private @Nullable KafkaStreamsMetrics kafka;

  StreamMeters(UpdateStream stream, String version) {
    this.stream = stream;
    this.version = version;
  }

  @Override
  public synchronized void bindTo(MeterRegistry given) {
    registry = given;
    Gauge.builder("zonecast.stream.info", () -> 1)
        .description("What runs here; always 1.")
        .tag("topic", stream.settings().topic())
        .tag("version", version)
        .register(given);
    Gauge.builder("zonecast.stream.ready", () -> stream.status().ready() ? 1 : 0)
        .description("1 while updates are taken, as /readyz says.")
        .register(given);
    Gauge.builder("zonecast.kafka.silence", () -> stream.kafka().silence().toMillis() / 1e3)
        .baseUnit("seconds")
        .description("How long ago Kafka last answered; the stream is not ready from 5 s on.")
        .register(given);
    counter(given, "updates.read", "Updates taken from their topic.", StreamCounts.Snapshot::read);
    counter(
        given,
        "updates.written",
        "Updates that became records of the table.",
        StreamCounts.Snapshot::written);
    counter(
        given,
        "updates.unchanged",
        "Updates dropped because they change nothing.",
        StreamCounts.Snapshot::unchanged);
    counter(
        given,
        "updates.rejected",
        "Updates put aside because they break a rule, cannot be read, or a publish overtook them.",
        StreamCounts.Snapshot::rejected);
    counter(
        given,
        "updates.repeated",
        "Updates dropped because a stream has taken them before.",
        StreamCounts.Snapshot::repeated);
    counter(
        given,
        "stream.misplaced",
        "Records of the table read on another partition than their key's, and ignored.",
        StreamCounts.Snapshot::misplaced);
  }

  private void counter(
      MeterRegistry given,
      String name,
      String help,
      ToDoubleFunction<StreamCounts.Snapshot> count) {
    FunctionCounter.builder("zonecast." + name, stream, it -> count.applyAsDouble(it.counts()))
        .description(help)
        .register(given);
  }

  /** Binds Streams' meters once it is there; before each scrape. */
  synchronized void refresh() {
    KafkaStreams running = stream.running();
    if (registry != null && kafka == null && running != null) {
      kafka = new KafkaStreamsMetrics(running);
      kafka.bindTo(registry);
    }
  }

  @Override
  public synchronized void close() {
    if (kafka != null) {
      kafka.close();
    }
  }
}
