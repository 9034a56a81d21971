package io.zonecast.ingest.publish;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A topic of one partition in memory: records in, rows out. */
final class TopicModel {
  static final TopicPartition PARTITION = new TopicPartition("zones", 0);

  private final BundledSchemas schemas = BundledSchemas.load();
  private final ZoneRowEncoder encoder = new ZoneRowEncoder(schemas.latestId());
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

  /** Appends a row, {@code zone} and {@code flags} as in {@code 5} or {@code 5 *}; null deletes. */
  TopicModel put(String key, @Nullable String zoneAndFlags) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    if (zoneAndFlags == null) {
      return putBytes(keyBytes, null);
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
    return putBytes(keyBytes, encoder.encode(fields));
  }

  TopicModel putBytes(byte[] key, byte @Nullable [] value) {
    records.add(new ProducerRecord<>(PARTITION.topic(), key, value));
    return this;
  }

  void append(List<ProducerRecord<byte[], byte[]>> sent) {
    records.addAll(sent);
  }

  /** What a replay gives: each key's latest row, in words. */
  Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    RowFields fields = new RowFields();
    for (ProducerRecord<byte[], byte[]> record : records) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      if (record.value() == null) {
        rows.remove(key);
      } else {
        new ZoneRowDecoder(schemas).decode(ByteBuffer.wrap(record.value()), fields);
        rows.put(key, fields.zone() + (fields.flags().isNull() ? "" : " " + fields.flags()));
      }
    }
    return rows;
  }

  Watermark watermark() {
    return new Watermark(Map.of(PARTITION, (long) records.size()));
  }

  /** A consumer that has everything to poll, twice. */
  MockConsumer<ByteBuffer, ByteBuffer> consumer() {
    MockConsumer<ByteBuffer, ByteBuffer> consumer =
        new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    consumer.assign(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(new HashMap<>(Map.of(PARTITION, (long) records.size())));
    schedule(consumer);
    return consumer;
  }

  private void schedule(MockConsumer<ByteBuffer, ByteBuffer> consumer) {
    consumer.schedulePollTask(
        () -> {
          for (int offset = 0; offset < records.size(); offset++) {
            ProducerRecord<byte[], byte[]> record = records.get(offset);
            consumer.addRecord(
                new ConsumerRecord<>(
                    PARTITION.topic(),
                    PARTITION.partition(),
                    offset,
                    ByteBuffer.wrap(record.key()),
                    record.value() == null ? null : ByteBuffer.wrap(record.value())));
          }
        });
  }
}
