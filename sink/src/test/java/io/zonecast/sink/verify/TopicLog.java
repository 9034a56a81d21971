package io.zonecast.sink.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.ZoneRowSerializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A topic in memory, each of whose consumers is Kafka's own mock with that log behind it: what is
 * sought is read again.
 */
final class TopicLog {
  static final String TOPIC = "zones";

  private final List<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> logs;
  private final Map<Integer, Long> heldBackFrom = new ConcurrentHashMap<>();
  private final ZoneRowSerializer serializer = new ZoneRowSerializer();

  TopicLog(int partitions) {
    serializer.configure(Map.of(), false);
    logs =
        IntStream.range(0, partitions)
            .<List<ConsumerRecord<ByteBuffer, ByteBuffer>>>mapToObj(p -> new ArrayList<>())
            .toList();
  }

  /** Appends a row on its key's partition, and tells its value. */
  byte[] append(String key, String zone) {
    ZoneKey its = ZoneKey.parse(key);
    var row = new ZoneRow(its.carrier(), its.origin(), its.destination(), zone, null, null);
    byte[] value = Objects.requireNonNull(serializer.serialize(TOPIC, row));
    append(key, value, partitionOf(key));
    return value;
  }

  /** Appends a record, on its key's partition or on another. */
  void append(String key, byte @Nullable [] value, int partition) {
    logs.get(partition)
        .add(
            new ConsumerRecord<>(
                TOPIC,
                partition,
                end(partition),
                ByteBuffer.wrap(key.getBytes(UTF_8)),
                value == null ? null : ByteBuffer.wrap(value)));
  }

  int partitionOf(String key) {
    return KeyPartition.of(key.getBytes(UTF_8), logs.size());
  }

  long end(int partition) {
    return logs.get(partition).size();
  }

  Map<Integer, Long> ends() {
    return IntStream.range(0, logs.size()).boxed().collect(Collectors.toMap(p -> p, this::end));
  }

  /** From this offset on, an open transaction keeps the partition from being read. */
  void holdBack(int partition, long fromOffset) {
    heldBackFrom.put(partition, fromOffset);
  }

  MockConsumer<ByteBuffer, ByteBuffer> consumer() {
    return new Reader();
  }

  private final class Reader extends MockConsumer<ByteBuffer, ByteBuffer> {
    Reader() {
      super("earliest");
      ends()
          .keySet()
          .forEach(p -> updateBeginningOffsets(Map.of(new TopicPartition(TOPIC, p), 0L)));
    }

    @Override
    public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
      for (TopicPartition each : assignment()) {
        if (!paused().contains(each)) {
          var log = logs.get(each.partition());
          int end =
              (int) Math.min(log.size(), heldBackFrom.getOrDefault(each.partition(), 1L << 30));
          log.subList((int) Math.min(position(each), end), end).forEach(this::addRecord);
        }
      }
      return super.poll(timeout);
    }
  }
}
