package io.zonecast.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class KafkaBrokerIT {
  private static KafkaBroker broker;

  private final String topic = "broker-it-" + UUID.randomUUID();

  /**
   * A broker of its own: a shared one takes long to restart with the topics that other tests left.
   */
  @BeforeAll
  static void start() {
    broker =
        Servers.shared()
            .broker(
                BrokerSettings.DEFAULT
                    .withListener("SECOND", "PLAINTEXT")
                    .with("log.retention.hours", "77"));
  }

  @AfterAll
  static void close() {
    broker.close();
  }

  @Test
  void keepsItsDataAndAddressWhenKilledAndRestarted() throws Exception {
    String address = broker.bootstrapServers();
    createTopic();
    produce("before").get();

    broker.kill();
    broker.restart();
    produce("after").get();

    assertThat(broker.bootstrapServers()).isEqualTo(address);
    assertThat(consume(2)).containsExactly("before", "after");
  }

  @Test
  void answersNobodyWhilePausedAndEverybodyAfterwards() throws Exception {
    createTopic();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(record("first")).get();

      broker.pause();
      Future<RecordMetadata> sent = producer.send(record("second"));
      assertThatThrownBy(() -> sent.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      broker.resume();

      assertThat(sent.get(30, TimeUnit.SECONDS).offset()).isEqualTo(1);
    }
  }

  @Test
  void takesTransactions() throws Exception {
    createTopic();
    Map<String, Object> settings = producerSettings("transactional.id", topic);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<RecordMetadata> sent = producer.send(record("committed"));
      producer.commitTransaction();
      sent.get();
    }

    assertThat(consume(1)).containsExactly("committed");
  }

  @Test
  void takesPropertiesAndListenersOfItsOwn() throws Exception {
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers("SECOND")))) {
      assertThat(broker.bootstrapServers("SECOND")).isNotEqualTo(broker.bootstrapServers());
      ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
      assertThat(admin.describeConfigs(List.of(node)).all().get().values())
          .singleElement()
          .extracting(config -> config.get("log.retention.hours").value())
          .isEqualTo("77");
    }
  }

  @Test
  void namesTheListenersItHasWhenAskedForAnother() {
    assertThatThrownBy(() -> broker.bootstrapServers("SECURE"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no listener SECURE");
  }

  private void createTopic() throws ExecutionException, InterruptedException {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private Future<RecordMetadata> produce(String value) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      return producer.send(record(value));
    }
  }

  private ProducerRecord<byte[], byte[]> record(String value) {
    return new ProducerRecord<>(topic, value.getBytes(UTF_8));
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        producerSettings("client.id", "broker-it"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private Map<String, Object> producerSettings(String key, String value) {
    return Map.of("bootstrap.servers", broker.bootstrapServers(), key, value);
  }

  private List<String> consume(int count) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<String> values = new ArrayList<>();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> values.add(new String(record.value(), UTF_8)));
      }
      return values;
    }
  }
}
