package io.zonecast.sink.owner;

import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Reads the keys of the first rows of a topic, {@value #MOST} at most. Thread-safe.
 *
 * @param consumers opens a consumer in no group
 */
public record SampleKeys(
    String topic, int partitions, Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers)
    implements Supplier<Collection<String>> {
  private static final int MOST = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public Collection<String> get() {
    Set<String> keys = new LinkedHashSet<>();
    try (var consumer = consumers.get()) {
      var reading = RangeReading.ofAll(consumer, TopicEnds.partitions(topic, partitions));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (keys.size() < MOST && System.nanoTime() - deadline < 0 && !reading.isDone()) {
        reading.poll(
            record -> {
              if (record.key() != null && record.value() != null && keys.size() < MOST) {
                keys.add(StandardCharsets.UTF_8.decode(record.key()).toString());
              }
            });
      }
    }
    return keys;
  }
}
