package io.zonecast.sink;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.topic.ReaderSettings;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Opens the sink's Kafka clients. The user's settings override our defaults; required settings
 * override both.
 */
record SinkClients(SinkSettings settings) {

  /** The group's member. */
  Consumer<ByteBuffer, ByteBuffer> member() {
    Map<String, Object> config = new HashMap<>();
    // Six seconds is the least that brokers allow: how long a killed sink's partitions wait.
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.group());
    config.putAll(told(settings.kafka().consumer()));
    config.putAll(required());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    // The newer protocol's shortest session is 45 s.
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    return new KafkaConsumer<>(config);
  }

  /** A consumer in no group, for reading back. */
  Consumer<ByteBuffer, ByteBuffer> reader() {
    Map<String, Object> config = told(settings.kafka().consumer());
    config.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, settings.group() + "-replay");
    return new KafkaConsumer<>(
        ReaderSettings.ofATable(config),
        new ByteBufferDeserializer(),
        new ByteBufferDeserializer());
  }

  Producer<byte[], byte[]> deadLetters() {
    Map<String, Object> config = new HashMap<>();
    // A letter is more than its record, which brokers may have taken because it was compressed:
    // what is too large is the brokers' to say. No more than the producer's buffer.
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 32 << 20);
    config.putAll(told(KeyPartition.producerSettings(settings.kafka().producer())));
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    return new KafkaProducer<>(config);
  }

  Admin admin() {
    Map<String, Object> config = new HashMap<>();
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    config.putAll(settings.kafka().common());
    return Admin.create(config);
  }

  private Map<String, Object> told(Map<String, Object> over) {
    Map<String, Object> config = new HashMap<>(settings.kafka().common());
    config.putAll(over);
    return config;
  }

  private static Map<String, Object> required() {
    return Map.of(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        ByteBufferDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteBufferDeserializer.class,
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest",
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false);
  }
}
