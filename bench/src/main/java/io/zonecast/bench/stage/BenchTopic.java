package io.zonecast.bench.stage;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.publish.ClientSettings;
import io.zonecast.ingest.publish.Guards;
import io.zonecast.ingest.publish.PublishOutcome;
import io.zonecast.ingest.publish.PublishReport;
import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.publish.RowHeaders;
import io.zonecast.ingest.publish.RowRules;
import io.zonecast.ingest.publish.ZonePublisher;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of zones on the benchmark's broker.
 *
 * @param bootstrapServers the broker
 */
public record BenchTopic(String bootstrapServers, String name) {
  /** As long as a real one, and like it the same on every record. */
  private static final List<Header> HEADERS =
      RowHeaders.of("0123456789abcdef", "0123456789abcdef".repeat(4), "bench-before.csv");

  /** Makes the topic, as every command of ours would. */
  public BenchTopic create() {
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      ZoneTopic.ensure(admin, name, ZoneTopic.DEFAULT_PARTITIONS);
    }
    return this;
  }

  /** Makes a topic that holds a table. */
  public static BenchTopic holding(BenchTable rows, String bootstrapServers, String name)
      throws Exception {
    BenchTopic topic = new BenchTopic(bootstrapServers, name).create();
    Path file = Files.createTempFile("zonecast-bench-", ".csv");
    try {
      rows.writeCsv(file, 0);
      topic.publish(file);
      return topic;
    } finally {
      Files.delete(file);
    }
  }

  /** Makes the topic equal to {@code file}, as the command does it, in this JVM. */
  public PublishReport publish(Path file) throws Exception {
    return publish(file, true);
  }

  /**
   * As {@link #publish(Path)}.
   *
   * @param logged whether into the log of publishes too
   */
  public PublishReport publish(Path file, boolean logged) throws Exception {
    ClientSettings clients = ClientSettings.of(Map.of("bootstrap.servers", bootstrapServers));
    ZonePublisher publisher =
        new ZonePublisher(clients, RowSerdes.bundled(), settings(logged), StepProgress.NONE);
    PublishOutcome outcome = publisher.publish(Edition.open(file, FileOptions.NONE));
    if (outcome instanceof PublishOutcome.Refused refused) {
      throw new IllegalStateException("publish refused: " + refused.refusals());
    }
    return outcome.report();
  }

  private PublishSettings settings(boolean logged) {
    PublishSettings usual = PublishSettings.of(name);
    return new PublishSettings(
        name,
        usual.partitions(),
        usual.transactionTimeout(),
        new Guards(100, 100, RowRules.NONE, Optional.empty(), Set.of()),
        logged ? usual.log() : Optional.empty());
  }

  /** Reads all that is committed, as a consumer that does nothing else; returns the records. */
  public long read() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    long[] records = {0};
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      RangeReading.ofAll(consumer, TopicEnds.partitions(name, ZoneTopic.DEFAULT_PARTITIONS))
          .toEnd(Patience.of(Duration.ofMinutes(1), System::nanoTime), record -> records[0]++);
    }
    return records[0];
  }

  /** A producer with the settings that publishing uses, its transactions initialized. */
  public KafkaProducer<byte[], byte[]> transactionalProducer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-" + name);
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  /** A producer that sends each record at once, and each exactly once and in order. */
  public KafkaProducer<byte[], byte[]> promptProducer() {
    return producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
  }

  /** A producer as any application has it, which gathers records for Kafka's default of 5 ms. */
  public KafkaProducer<byte[], byte[]> producer() {
    return producer(Map.of());
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The high watermarks, by partition. */
  public long[] ends() {
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      long[] ends = new long[ZoneTopic.DEFAULT_PARTITIONS];
      BrokerAnswers.await(TopicEnds.high(admin, TopicEnds.partitions(name, ends.length)))
          .forEach((partition, end) -> ends[partition.partition()] = end);
      return ends;
    }
  }

  /** Sends one record with the header that publishing adds; a failure is thrown by the commit. */
  @SuppressWarnings("FutureReturnValueIgnored")
  public void send(KafkaProducer<byte[], byte[]> producer, byte[] key, byte[] value) {
    producer.send(new ProducerRecord<>(name, null, null, key, value, HEADERS));
  }
}
