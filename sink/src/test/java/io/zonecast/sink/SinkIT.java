package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sink on a real broker and real memcached nodes: every node equals the topic. */
class SinkIT {
  private final Stage stage = new Stage(3, 2);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void aFreshPoolIsFilledFromTheBeginning() {
    topic.setMany(5_000, "2");
    topic.set("usps:005:006", "A");
    topic.remove("usps:000:001");

    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
  }

  @Test
  void liveRecordsArrive() {
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      topic.set("usps:000:005", "9");
      topic.remove("usps:000:006");
      topic.set("usps:777:006", "3");

      stage.awaitEqual(sink);
    }
  }

  @Test
  void aFillThatDoesNotFitInItsMemoryTakesSeveralPasses() {
    topic.setMany(12_000, "2");
    for (int i = 0; i < 500; i++) {
      topic.send("usps:000:%03d".formatted(i), i % 3 == 0 ? null : "10");
    }
    topic.flush();

    try (var sink = stage.start(settings -> withFoldBytes(settings, 60_000))) {
      stage.awaitEqual(sink);
    }
  }

  @Test
  void anAbortedTransactionIsNeverSeen() {
    topic.set("usps:000:001", "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      topic.transaction(
          topic.name(),
          false,
          (its, producer) -> {
            its.send(producer, "usps:000:001", "9");
            its.send(producer, "usps:000:002", "9");
          });
      topic.set("usps:000:003", "2");

      stage.awaitEqual(sink);
    }
    try (var sink = stage.start(settings -> settings)) {
      stage.raw(0).flushAll();
      stage.raw(1).flushAll();

      stage.awaitEqual(sink);
    }
  }

  @Test
  void theGroupsOffsetsReachTheEndBehindTransactionMarkers() {
    topic.transaction(
        topic.name(),
        true,
        (its, producer) -> {
          for (int i = 0; i < 50; i++) {
            its.send(producer, "usps:000:%03d".formatted(i), "2");
            its.expect("usps:000:%03d".formatted(i), "2");
          }
        });
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      topic.transaction(
          topic.name(),
          true,
          (its, producer) -> {
            its.send(producer, "usps:000:001", "3");
            its.expect("usps:000:001", "3");
          });

      stage.awaitEqual(sink);
      await().atMost(Stage.SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(ends()));
    }
  }

  @Test
  void anOpenTransactionHoldsBackNeitherFillNorReadiness() {
    topic.setMany(100, "2");
    try (var open = topic.plain().transactional(topic.name())) {
      open.beginTransaction();
      for (int i = 0; i < 20; i++) {
        topic.send(open, "usps:000:%03d".formatted(i), "9");
      }
      open.flush();

      try (var sink = stage.start()) {
        stage.awaitEqual(sink);

        open.commitTransaction();

        IntStream.range(0, 20).forEach(i -> topic.expect("usps:000:%03d".formatted(i), "9"));
        stage.awaitEqual(sink);
      }
    }
  }

  @Test
  void aTopicThatIsGivenMorePartitionsEndsTheSink() {
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      assertThat(
              topic
                  .admin()
                  .createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(4)))
                  .all()
                  .toCompletionStage())
          .succeedsWithin(Stage.SOON);

      await().atMost(Stage.SOON).until(sink.end()::isDone);
      assertThat(sink.end().join())
          .isInstanceOf(TopicUnfitException.class)
          .hasMessageContaining("it has 4 partitions")
          .hasMessageContaining("make a new topic");
    }
  }

  @Tag("containers")
  @Test
  void aBrokerThatIsKilledAndComesBackIsGoneOnWithAndWhoIsToldToEndMeanwhileEnds() {
    KafkaBroker broker = Servers.shared().broker();
    topic.setMany(500, "2");
    try (var others = new Stage(1, 1);
        var ending = others.start();
        var sink = stage.start()) {
      others.awaitEqual(ending);
      stage.awaitEqual(sink);

      broker.kill();
      try {
        ending.sink().close();
        assertThat(ending.end()).succeedsWithin(Stage.SOON);
        stage.raw(0).flushAll();
        await()
            .atMost(Stage.SOON)
            .untilAsserted(() -> assertThat(sink.status().isInStep()).isFalse());
      } finally {
        broker.restart();
      }

      topic.set("usps:000:005", "9");
      stage.awaitEqual(sink);
    }
  }

  @Test
  void aSinkWaitsForABrokerThatIsNotThereYet() {
    topic.setMany(10, "2");
    String[] broker = topic.bootstrapServers().split(":", -1);
    try (var link = LinkProxy.start(broker[0], Integer.parseInt(broker[1]))) {
      link.refuseConnections();
      try (var sink = stage.start(its -> withKafka(its, impatient(link.address())))) {
        // Longer than the clients wait.
        await()
            .pollDelay(Duration.ofSeconds(2))
            .untilAsserted(() -> assertThat(sink.end()).isNotDone());
        link.acceptConnections();

        stage.awaitEqual(sink);
      }
    }
  }

  private static Map<String, Object> impatient(String bootstrapServers) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers,
        "default.api.timeout.ms",
        1_000,
        "request.timeout.ms",
        1_000);
  }

  private static SinkSettings withKafka(SinkSettings its, Map<String, Object> kafka) {
    return new SinkSettings(
        new SinkSettings.Kafka(kafka, its.kafka().consumer(), its.kafka().producer()),
        its.topic(),
        its.group(),
        its.layout(),
        its.changeSettings(),
        its.strictMemory(),
        its.maxFoldBytes(),
        its.connections());
  }

  private static SinkSettings withFoldBytes(SinkSettings its, long maxFoldBytes) {
    return new SinkSettings(
        its.kafka(),
        its.topic(),
        its.group(),
        its.layout(),
        its.changeSettings(),
        its.strictMemory(),
        maxFoldBytes,
        its.connections());
  }

  private Map<Integer, Long> committed() throws Exception {
    Map<Integer, Long> committed = new TreeMap<>();
    topic
        .admin()
        .listConsumerGroupOffsets(stage.group())
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> committed.put(partition.partition(), offset.offset()));
    return committed;
  }

  private Map<Integer, Long> ends() throws Exception {
    Map<Integer, Long> ends = new TreeMap<>();
    BrokerAnswers.await(
            TopicEnds.high(topic.admin(), TopicEnds.partitions(topic.name(), topic.partitions())))
        .forEach((partition, end) -> ends.put(partition.partition(), end));
    return ends;
  }
}
