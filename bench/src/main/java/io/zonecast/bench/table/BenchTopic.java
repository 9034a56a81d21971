package io.zonecast.bench.table;

import io.zonecast.schemas.ZoneTopic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of zones on the benchmark's broker.
 *
 * @param bootstrapServers the broker
 */
public record BenchTopic(String bootstrapServers, String name) {

  /** Makes the topic, as every command of ours would. */
  public BenchTopic create() {
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      ZoneTopic.ensure(admin, name, ZoneTopic.DEFAULT_PARTITIONS);
    }
    return this;
  }

  /** Stores every row of {@code table} in one transaction. */
  public BenchTopic fill(BenchTable table) {
    RowBytes bytes = new RowBytes();
    try (KafkaProducer<byte[], byte[]> producer = transactionalProducer()) {
      producer.beginTransaction();
      table.forEach(
          (index, carrier, origin, destination, zone) ->
              send(
                  producer,
                  RowBytes.key(carrier, origin, destination),
                  bytes.value(carrier, origin, destination, zone)));
      producer.commitTransaction();
    }
    return this;
  }

  /** A producer with the settings that publishing uses, its transactions initialized. */
  public KafkaProducer<byte[], byte[]> transactionalProducer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-" + name);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  /** Sends one record; a failure is thrown by the commit. */
  @SuppressWarnings("FutureReturnValueIgnored")
  public void send(KafkaProducer<byte[], byte[]> producer, byte[] key, byte[] value) {
    producer.send(new ProducerRecord<>(name, key, value));
  }
}
