package io.zonecast.ingest.publish;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A topic of a few partitions in memory: records in, rows out. */
final class TopicModel {
  static final int PARTITIONS = 3;

  private final BundledSchemas schemas = BundledSchemas.load();
  private final ZoneRowEncoder encoder = new ZoneRowEncoder(schemas.latestId());
  private final List<List<ProducerRecord<byte[], byte[]>>> partitions =
      IntStream.range(0, PARTITIONS)
          .<List<ProducerRecord<byte[], byte[]>>>mapToObj(p -> new ArrayList<>())
          .toList();

  /** Appends a row, {@code zone} and {@code flags} as in {@code 5} or {@code 5 *}; null deletes. */
  TopicModel put(String key, @Nullable String zoneAndFlags) {
    return put(record(key, zoneAndFlags), home(key));
  }

  /** As {@link #put}, on another partition than the key's. */
  TopicModel misplace(String key, @Nullable String zoneAndFlags) {
    return put(record(key, zoneAndFlags), (home(key) + 1) % PARTITIONS);
  }

  void append(List<ProducerRecord<byte[], byte[]>> sent) {
    sent.forEach(record -> put(record, home(text(record.key()))));
  }

  /** What a replay gives: each key's latest row on its own partition, in words. */
  Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    RowFields fields = new RowFields();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (ProducerRecord<byte[], byte[]> record : partitions.get(partition)) {
        String key = text(record.key());
        if (home(key) == partition && record.value() == null) {
          rows.remove(key);
        } else if (home(key) == partition) {
          new ZoneRowDecoder(schemas).decode(ByteBuffer.wrap(record.value()), fields);
          rows.put(key, fields.zone() + (fields.flags().isNull() ? "" : " " + fields.flags()));
        }
      }
    }
    return rows;
  }

  Watermark watermark() {
    return new Watermark(each(partition -> (long) partitions.get(partition.partition()).size()));
  }

  /** A consumer that has everything to poll. */
  MockConsumer<ByteBuffer, ByteBuffer> consumer() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer =
        new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    consumer.assign(watermark().partitions());
    consumer.updateBeginningOffsets(each(partition -> 0L));
    consumer.updateEndOffsets(watermark().ends());
    consumer.schedulePollTask(
        () -> watermark().partitions().forEach(partition -> poll(consumer, partition)));
    return consumer;
  }

  private void poll(MockConsumer<ByteBuffer, ByteBuffer> consumer, TopicPartition partition) {
    long offset = 0;
    for (ProducerRecord<byte[], byte[]> record : partitions.get(partition.partition())) {
      consumer.addRecord(
          new ConsumerRecord<>(
              partition.topic(),
              partition.partition(),
              offset++,
              ByteBuffer.wrap(record.key()),
              record.value() == null ? null : ByteBuffer.wrap(record.value())));
    }
  }

  private TopicModel put(ProducerRecord<byte[], byte[]> record, int partition) {
    partitions.get(partition).add(record);
    return this;
  }

  private ProducerRecord<byte[], byte[]> record(String key, @Nullable String zoneAndFlags) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    if (zoneAndFlags == null) {
      return new ProducerRecord<>("zones", keyBytes, null);
    }
    ZoneKey parts = ZoneKey.parse(key);
    String[] text = zoneAndFlags.split(" ", -1);
    RowFields fields = new RowFields();
    fields.carrier().set(parts.carrier());
    fields.origin().set(parts.origin());
    fields.destination().set(parts.destination());
    fields.zone().set(text[0]);
    if (text.length > 1) {
      fields.flags().set(text[1]);
    }
    return new ProducerRecord<>("zones", keyBytes, encoder.encode(fields));
  }

  private static Map<TopicPartition, Long> each(Function<TopicPartition, Long> number) {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition("zones", partition))
        .collect(Collectors.toMap(partition -> partition, number));
  }

  private static int home(String key) {
    return KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), PARTITIONS);
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }
}
