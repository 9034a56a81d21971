package io.zonecast.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.fixture.BrokerMetadata;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.lag.LagReport;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that can never be applied, and one that cannot be yet. */
class PutAsideIT {
  private static final String KEY = "usps:000:005";

  /** A zone that the decoder makes a value of, larger than a node takes. */
  private static final String HUGE = "HUGE";

  private final Stage stage = new Stage(3, 2);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void anUndecodableRecordIsPutAsideOnceAndTheOthersAreStored() {
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      topic.raw(KEY, new byte[] {1, 2, 3}, partitionOf(KEY));
      topic.set("usps:000:006", "9");
      stage.awaitEqual(sink);
      // The fills meet it again.
      stage.raw(0).flushAll();
      stage.raw(1).flushAll();
      stage.awaitEqual(sink);

      await().atMost(Stage.SOON).until(() -> sink.deadLetters() == 1);
    }
    List<ConsumerRecord<byte[], byte[]>> letters = letters();
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).value()).containsExactly(1, 2, 3);
    assertThat(new String(letters.get(0).key(), UTF_8))
        .startsWith(topic.name() + "-" + partitionOf(KEY) + "-");
    assertThat(headers(letters.get(0)))
        .containsEntry("__connect.errors.topic", topic.name())
        .containsEntry("__connect.errors.partition", Integer.toString(partitionOf(KEY)))
        .containsEntry("__connect.errors.connector.name", stage.group())
        .containsKeys("__connect.errors.offset", "__connect.errors.exception.message");
  }

  @Test
  void aRefillLeavesAnEntryWhoseOnlyRecordLeftCannotBeRead() {
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
    // As after compaction has taken the record that made the entry.
    String key = "usps:005:010";
    topic.raw(key, new byte[] {1, 2, 3}, partitionOf(key));
    stage.raw(stage.nodeOf(key)).set(RunningSink.PREFIX + key, "7");
    String orphan = "usps:005:011";
    stage.raw(stage.nodeOf(orphan)).set(RunningSink.PREFIX + orphan, "7");
    for (int partition = 0; partition < topic.partitions(); partition++) {
      String checkpoint = CheckpointKey.of(stage.group(), topic.name(), partition);
      stage.raw(0).delete(checkpoint);
      stage.raw(1).delete(checkpoint);
    }

    topic.expect(key, "7");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
  }

  @Test
  void aRecordTooLargeIsPutAsideAndTheOthersAreStored() {
    topic.setMany(100, "2");
    topic.set(KEY, HUGE);
    topic.set("usps:000:006", "9");
    try (var sink = start(() -> inflating(new ZoneRowDecoder(BundledSchemas.load())))) {
      awaitAllBut(KEY, sink);
      await().atMost(Stage.SOON).until(() -> sink.deadLetters() == 1);

      topic.set("usps:000:007", HUGE);
      topic.set("usps:000:008", "9");

      await().atMost(Stage.SOON).until(() -> sink.deadLetters() == 2);
      topic.set(KEY, "3");
      topic.set("usps:000:007", "3");
      stage.awaitEqual(sink);
    }
    assertThat(letters())
        .hasSize(2)
        .allSatisfy(
            letter ->
                assertThat(headers(letter).get("__connect.errors.exception.message"))
                    .contains("object too large"));
  }

  @Test
  void noRecordIsTooLargeToBePutAside() throws Exception {
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      // As large as the brokers take, and its letter is larger; and one that only compresses.
      byte[] noise = new byte[1_048_300];
      new Random(1).nextBytes(noise);
      topic.raw("usps:005:010", noise, partitionOf("usps:005:010"));
      byte[] blank = "?".repeat(5_000_000).getBytes(UTF_8);
      rawCompressed(KEY, blank);
      topic.set("usps:000:006", "9");
      stage.awaitEqual(sink);
      // The fills meet them again.
      stage.raw(0).flushAll();
      stage.raw(1).flushAll();
      stage.awaitEqual(sink);

      await().atMost(Stage.SOON).until(() -> sink.deadLetters() == 2);
      List<ConsumerRecord<byte[], byte[]>> letters = letters();
      assertThat(letters).hasSize(2);
      ConsumerRecord<byte[], byte[]> shortened = letterOf("usps:005:010", letters);
      assertThat(shortened.value()).isEmpty();
      assertThat(headers(shortened))
          .containsEntry("__zonecast.left.out.bytes", "1048300")
          .containsKey("__connect.errors.exception.message");
      ConsumerRecord<byte[], byte[]> whole = letterOf(KEY, letters);
      assertThat(whole.value()).hasSize(blank.length);
      assertThat(headers(whole)).doesNotContainKey("__zonecast.left.out.bytes");
    }
  }

  @Test
  void aLetterThatIsNotTakenKeepsNothingElseWaiting() throws Exception {
    ZoneTopic.ensureDeadLetters(topic.admin(), topic.name());
    letLettersTake("60");
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      int bad = partitionOf(KEY);
      topic.raw(KEY, new byte[] {1, 2, 3}, bad);
      await()
          .atMost(Stage.SOON)
          .untilAsserted(() -> assertThat(sink.status().waiting()).containsOnlyKeys(bad));
      assertThat(sink.status().waiting().get(bad))
          .asString()
          .contains(ZoneTopic.deadLettersOf(topic.name()) + " takes no dead letters");
      assertThat(stage.lag().verdict()).isEqualTo(Verdict.STALLED);
      topic.setMany(100, "3");
      awaitNoDifferences();
      // A fill meets the record too, and fills the node all the same.
      stage.raw(0).flushAll();
      awaitNoDifferences();
      assertThat(sink.deadLetters()).isZero();

      letLettersTake("1000000");

      await().atMost(Stage.SOON).until(() -> sink.deadLetters() == 1);
      await().atMost(Stage.SOON).until(() -> sink.status().waiting().isEmpty());
      stage.awaitEqual(sink);
    }
    assertThat(letters()).hasSize(1);
  }

  private void letLettersTake(String maxMessageBytes) throws Exception {
    var letters =
        new ConfigResource(ConfigResource.Type.TOPIC, ZoneTopic.deadLettersOf(topic.name()));
    var bound = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxMessageBytes);
    topic
        .admin()
        .incrementalAlterConfigs(
            Map.of(letters, List.of(new AlterConfigOp(bound, AlterConfigOp.OpType.SET))))
        .all()
        .get();
    BrokerMetadata.settle(topic.admin());
  }

  private void awaitNoDifferences() {
    await().atMost(Stage.SOON).untilAsserted(() -> assertThat(stage.differences()).isEmpty());
  }

  @Test
  void aFillThatMeetsARecordThatCannotBeReadWaitsSaysWhyAndHoldsNoOtherNodeUp() {
    var known = new AtomicBoolean(true);
    setUnderAnId(KEY, "9");
    // Further than the live records step back for a node that joins.
    topic.setMany(36_000, "2");
    setUnderAnId(KEY, "9");
    Supplier<RowDecoder> decoders = () -> new ZoneRowDecoder(registryThatLearns(known));
    try (var sink = start(decoders)) {
      stage.awaitEqual(sink);
    }
    known.set(false);
    stage.raw(0).flushAll();
    try (var log = new LogLines("io.zonecast.sink");
        var sink = start(decoders)) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(sink.status().waiting()).containsOnlyKeys(partitionOf(KEY));
                LagReport lag = stage.lag();
                assertThat(lag.verdict()).isEqualTo(Verdict.STALLED);
                assertThat(lag.headline()).contains("waits at offset ", "4711");
              });
      assertThat(sink.status().nodes().get(0).state()).isEqualTo(NodeStatus.State.STALLED);
      assertThat(sink.status().isInStep()).isFalse();
      // What is written to the other node flows.
      String elsewhere = "usps:000:006";
      topic.set(elsewhere, "7");
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Stage.SOON)
          .until(() -> !sink.status().isInStep());
      String waits = "node=" + stage.addresses().get(0) + " partition=" + partitionOf(KEY);
      assertThat(log.lines()).noneMatch(line -> line.startsWith(waits + " filled"));
      assertThat(log.lines().stream().filter(line -> line.contains("a fill waits: "))).hasSize(1);
      assertThat(log.lines()).hasSizeLessThan(40);

      known.set(true);

      stage.awaitEqual(sink);
      assertThat(sink.status().waiting()).isEmpty();
    }
  }

  @Test
  void aSinkThatCanReadNothingStopsNoOtherAndTouchesNoNode() {
    for (int i = 0; i < 60; i++) {
      setUnderAnId("usps:100:%03d".formatted(i), "9");
    }
    var known = new AtomicBoolean();
    try (var good = start(() -> new ZoneRowDecoder(registryThatLearns(new AtomicBoolean(true))))) {
      stage.awaitEqual(good);
      try (var newcomer =
          RunningSink.start(
              topic,
              RunningSink.settings(topic, stage.group(), stage.addresses().subList(0, 1)),
              () -> new ZoneRowDecoder(registryThatLearns(known)),
              Timing.SYSTEM)) {
        await()
            .atMost(Stage.SOON)
            .untilAsserted(
                () -> {
                  assertThat(newcomer.status().waiting()).isNotEmpty();
                  assertThat(stage.lag().headline())
                      .contains("CAUGHT UP", "a sink does not begin: partition", "4711");
                });

        setUnderAnId("usps:000:006", "7");

        stage.awaitEqual(good);
        await()
            .during(Duration.ofSeconds(4))
            .atMost(Stage.SOON)
            .untilAsserted(
                () -> {
                  assertThat(good.end()).isNotDone();
                  assertThat(good.status().partitions()).hasSize(3);
                  assertThat(newcomer.status().joined()).isFalse();
                  assertThat(stage.differences()).isEmpty();
                });
      }
    }
  }

  /** Sets a row under a schema id that not everybody knows. */
  private void setUnderAnId(String key, String zone) {
    byte[] value = topic.valueOf(key, zone);
    ByteBuffer.wrap(value).putInt(1, 4_711);
    topic.raw(key, value, partitionOf(key));
    topic.expect(key, zone);
  }

  private RunningSink start(Supplier<RowDecoder> decoders) {
    return RunningSink.start(
        topic,
        RunningSink.settings(topic, stage.group(), stage.addresses()),
        decoders,
        Timing.SYSTEM);
  }

  private void awaitAllBut(String key, RunningSink sink) {
    await()
        .atMost(Stage.SOON)
        .untilAsserted(
            () -> {
              assertThat(sink.status().isInStep()).as("%s", sink.status()).isTrue();
              assertThat(stage.differences())
                  .singleElement()
                  .satisfies(difference -> assertThat(difference).contains(key));
            });
  }

  private static RowDecoder inflating(RowDecoder decoder) {
    byte[] huge = "x".repeat(1 << 20).getBytes(UTF_8);
    return (value, row) -> {
      decoder.decode(value, row);
      if (row.zone().toString().equals(HUGE)) {
        row.zone().set(huge, 0, huge.length);
      }
    };
  }

  private static SchemaIds registryThatLearns(AtomicBoolean known) {
    BundledSchemas bundle = BundledSchemas.load();
    return new SchemaIds() {
      @Override
      public Schema schemaOf(int id) {
        if (id != 4_711) {
          return bundle.schemaOf(id);
        }
        if (!known.get()) {
          throw new UnknownSchemaIdException(id, "schema id " + id + " is unknown");
        }
        return ZoneRow.getClassSchema();
      }

      @Override
      public int idOf(String its, Schema schema) {
        return bundle.idOf(its, schema);
      }
    };
  }

  private void rawCompressed(String key, byte[] value) throws Exception {
    topic
        .plain()
        .send(
            new ProducerRecord<>(topic.name(), partitionOf(key), key.getBytes(UTF_8), value),
            Map.of("compression.type", "lz4", "max.request.size", 16 << 20));
  }

  private int partitionOf(String key) {
    return KeyPartition.of(key.getBytes(UTF_8), topic.partitions());
  }

  private List<ConsumerRecord<byte[], byte[]>> letters() {
    return new PlainTopic(topic.bootstrapServers(), ZoneTopic.deadLettersOf(topic.name()))
        .committed();
  }

  private static ConsumerRecord<byte[], byte[]> letterOf(
      String key, List<ConsumerRecord<byte[], byte[]>> letters) {
    return letters.stream()
        .filter(letter -> key.equals(headers(letter).get("__zonecast.key")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> letter) {
    return Arrays.stream(letter.headers().toArray())
        .collect(
            Collectors.toMap(header -> header.key(), header -> new String(header.value(), UTF_8)));
  }
}
