package io.zonecast.bench.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.ingest.stream.UpdateHeader;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.ZoneRowDeserializer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a table's topic holds, read from the beginning by a reader of committed records.
 *
 * @param rows each key's latest zone
 * @param updates the ids of the updates that made records
 * @param repeated how many records name an update that another one names too
 */
record TableRecords(Map<String, String> rows, Set<String> updates, long repeated) {

  static TableRecords read(BenchTopic topic) throws InterruptedException {
    Map<String, String> rows = new HashMap<>();
    Set<String> updates = new HashSet<>();
    long repeated = 0;
    long[] ends = topic.ends();
    List<TopicPartition> partitions =
        IntStream.range(0, ZoneTopic.DEFAULT_PARTITIONS)
            .mapToObj(partition -> new TopicPartition(topic.name(), partition))
            .toList();
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    topic.bootstrapServers(),
                    "isolation.level",
                    "read_committed",
                    "auto.offset.reset",
                    "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        ZoneRowDeserializer values = new ZoneRowDeserializer()) {
      consumer.assign(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends[p.partition()])) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          String key = new String(record.key(), US_ASCII);
          ZoneRow row = values.deserialize(topic.name(), record.value());
          if (row == null) {
            rows.remove(key);
          } else {
            rows.put(key, row.getZone());
          }
          String update = UpdateHeader.of(record.headers()).map(UpdateHeader::id).orElse("");
          if (!update.isEmpty() && !updates.add(update)) {
            repeated++;
          }
        }
      }
    }
    return new TableRecords(rows, updates, repeated);
  }
}
