package io.zonecast.bench.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.ingest.stream.UpdateHeader;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.ZoneRowDeserializer;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.ReaderSettings;
import io.zonecast.schemas.topic.TopicEnds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a table's topic holds, read from the beginning by a reader of committed records.
 *
 * @param rows each key's latest zone
 * @param updates the ids of the updates that made records
 * @param repeated how many records name an update that another one names too
 */
record TableRecords(Map<String, String> rows, Set<String> updates, long repeated) {

  static TableRecords read(BenchTopic topic) {
    Map<String, String> rows = new HashMap<>();
    Set<String> updates = new HashSet<>();
    AtomicLong repeated = new AtomicLong();
    long[] ends = topic.ends();
    Map<String, Object> settings =
        ReaderSettings.ofATable(Map.of("bootstrap.servers", topic.bootstrapServers()));
    try (var consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        ZoneRowDeserializer values = new ZoneRowDeserializer()) {
      RangeReading.fromStart(
              consumer,
              TopicEnds.partitions(topic.name(), ends.length),
              partition -> ends[partition.partition()])
          .toEnd(
              Patience.ofAMinute(System::nanoTime, (behind, again) -> false),
              record -> {
                String key = new String(record.key(), US_ASCII);
                ZoneRow row = values.deserialize(topic.name(), record.value());
                if (row == null) {
                  rows.remove(key);
                } else {
                  rows.put(key, row.getZone());
                }
                UpdateHeader.of(record.headers())
                    .map(UpdateHeader::id)
                    .filter(update -> !updates.add(update))
                    .ifPresent(update -> repeated.incrementAndGet());
              });
    }
    return new TableRecords(rows, updates, repeated.get());
  }
}
