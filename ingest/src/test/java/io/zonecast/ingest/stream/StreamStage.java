package io.zonecast.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A table on the shared broker, its updates, and who writes and reads both. */
final class StreamStage implements AutoCloseable {
  static final int PARTITIONS = 3;
  static final Duration LIMIT = Duration.ofSeconds(60);

  final String table = "zones-" + UUID.randomUUID();
  final String updates = ZoneTopic.updatesOf(table);
  private final Path stateDirectory;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Admin admin = Admin.create(common());
  private final Producer<byte[], byte[]> producer = plain(updates).producer(Map.of());

  StreamStage(Path stateDirectory) {
    this.stateDirectory = stateDirectory;
    ZoneTopic.ensure(admin, table, PARTITIONS);
    ZoneTopic.ensureUpdates(admin, table, PARTITIONS);
    ZoneTopic.ensureRejected(admin, table);
  }

  static Map<String, Object> common() {
    return new HashMap<>(Map.of("bootstrap.servers", Servers.shared().broker().bootstrapServers()));
  }

  private static PlainTopic plain(String topic) {
    return new PlainTopic(Servers.shared().broker().bootstrapServers(), topic);
  }

  StreamSettings settings() {
    return settings(common(), table, stateDirectory);
  }

  /** One of several members, with a state directory of its own and further settings of Streams. */
  StreamSettings member(String name, Map<String, Object> further) {
    StreamSettings plain = StreamSettings.of(common(), table, PARTITIONS);
    Map<String, Object> streams = new HashMap<>(common());
    streams.put("state.dir", stateDirectory.resolve(name).toString());
    streams.putAll(further);
    return plain.with(plain.kafka().withStreams(streams));
  }

  static StreamSettings settings(Map<String, Object> common, String table, Path stateDirectory) {
    StreamSettings plain = StreamSettings.of(common, table, PARTITIONS);
    Map<String, Object> streams = new HashMap<>(common);
    streams.put("state.dir", stateDirectory.toString());
    return new StreamSettings(
        new StreamSettings.Kafka(common, common, common, streams),
        table,
        PARTITIONS,
        plain.group(),
        // Known again at once, wherever its state has gone.
        Optional.of("one"),
        false,
        plain.tableMemoryBytes(),
        plain.newTopic());
  }

  Admin admin() {
    return admin;
  }

  /** A producer for transactions, which are its user's. */
  Producer<byte[], byte[]> publisher() {
    return plain(table).transactional("publish-" + table);
  }

  ProducerRecord<byte[], byte[]> row(String key, @Nullable String zone) {
    return new ProducerRecord<>(table, key.getBytes(UTF_8), TopologyBench.value(key, zone));
  }

  void update(ZoneUpdate update) {
    update(UpdateRules.key(update), Updates.encode(update));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback keeps a failure for the flush
  void update(byte @Nullable [] key, byte @Nullable [] value) {
    producer.send(
        new ProducerRecord<>(updates, key, value),
        (metadata, failed) -> {
          if (failed != null) {
            failure.set(failed);
          }
        });
  }

  void flush() {
    producer.flush();
    assertThat(failure).hasNullValue();
  }

  /** Waits until every update so far has been taken, and what came of it committed. */
  void awaitTaken(RunningStream stream) {
    flush();
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              stream.throwIfEnded();
              assertThat(committed()).isEqualTo(ends());
            });
  }

  /** How many members of the stream's group have updates to take. */
  long membersWithUpdates() throws InterruptedException, ExecutionException {
    String group = StreamSettings.groupOf(table);
    return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
        .flatMap(described -> described.members().stream())
        .filter(
            member ->
                member.assignment().topicPartitions().stream()
                    .anyMatch(partition -> partition.topic().equals(updates)))
        .count();
  }

  /** The positions of the stream's group in the updates; those of none are 0. */
  private Map<Integer, Long> committed() throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        admin
            .listConsumerGroupOffsets(StreamSettings.groupOf(table))
            .partitionsToOffsetAndMetadata()
            .get();
    Map<Integer, Long> committed = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      OffsetAndMetadata offset = offsets.get(new TopicPartition(updates, partition));
      committed.put(partition, offset == null ? 0L : offset.offset());
    }
    return committed;
  }

  /** Where the updates end. */
  private Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new HashMap<>();
    BrokerAnswers.await(TopicEnds.high(admin, TopicEnds.partitions(updates, PARTITIONS)))
        .forEach((partition, end) -> ends.put(partition.partition(), end));
    return ends;
  }

  List<ConsumerRecord<byte[], byte[]>> rejected() {
    return plain(ZoneTopic.rejectedOf(table)).committed();
  }

  /** The table's committed records, each partition's in order. */
  List<ConsumerRecord<byte[], byte[]>> rows() {
    return plain(table).committed();
  }

  /** What the table holds: each key's latest value, deleted ones left out. */
  Map<String, String> held() {
    Map<String, String> held = new HashMap<>();
    plain(table).values().forEach((key, value) -> held.put(key, TopologyBench.zone(value)));
    return held;
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
