package io.zonecast.sink.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.zonecast.sink.SinkEvents.ConsumerRole;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Binds the metrics of the Kafka consumers, by Micrometer's binder. When the topic is recreated,
 * the sink opens new consumers, which replace the old ones here. For the thread that scrapes.
 */
final class KafkaMeters implements MeterBinder, AutoCloseable {
  private final SinkFigures figures;
  private final Map<ConsumerRole, Bound> bound = new EnumMap<>(ConsumerRole.class);
  private @Nullable MeterRegistry registry;

  private record Bound(Consumer<?, ?> consumer, KafkaClientMetrics metrics) {}

  KafkaMeters(SinkFigures figures) {
    this.figures = figures;
  }

  @Override
  public synchronized void bindTo(MeterRegistry given) {
    registry = given;
  }

  /** Binds the consumers that are new; before each scrape. */
  synchronized void refresh() {
    MeterRegistry to = registry;
    if (to == null) {
      return;
    }
    figures
        .consumers()
        .forEach(
            (role, consumer) -> {
              Bound before = bound.get(role);
              if (before != null && before.consumer == consumer) {
                return;
              }
              if (before != null) {
                before.metrics.close();
              }
              var metrics = new KafkaClientMetrics(consumer);
              metrics.bindTo(to);
              bound.put(role, new Bound(consumer, metrics));
            });
  }

  @Override
  public synchronized void close() {
    bound.values().forEach(each -> each.metrics.close());
    bound.clear();
  }
}
