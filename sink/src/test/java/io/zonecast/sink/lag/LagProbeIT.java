package io.zonecast.sink.lag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.fixture.BrokerMetadata;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.sink.cache.NodeAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LagProbeIT {
  private final String topic = "zones-" + UUID.randomUUID();
  private final PlainTopic plain =
      new PlainTopic(Servers.shared().broker().bootstrapServers(), topic);
  private final String group = "sink-of-" + topic;
  private final TopicPartition zero = new TopicPartition(topic, 0);
  private final Admin admin = plain.admin();

  @BeforeEach
  void makeTopic() throws Exception {
    makeTopic(1);
  }

  private void makeTopic(int partitions) throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(topic, partitions, (short) 1)
                    .configs(
                        Map.of(
                            "cleanup.policy", "compact,delete",
                            "retention.ms", "-1",
                            "min.cleanable.dirty.ratio", "0.01",
                            "segment.ms", "100",
                            "message.timestamp.type", "LogAppendTime"))))
        .all()
        .get();
    BrokerMetadata.settle(admin);
  }

  @AfterEach
  void deleteTopic() throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    admin.close();
  }

  @Test
  void trailingTransactionMarkersAreNoLag() {
    commitTransaction("a", "b");
    commit(2); // last offset + 1, as many sinks do; the marker at 2 is never passed

    PartitionLag lag = only(look());

    assertThat(lag.state()).isEqualTo(PartitionState.CAUGHT_UP);
    assertThat(lag.offsets().end()).isEqualTo(3);
    assertThat(lag.behindRecordsAtMost()).isZero();
    assertThat(lag.behindFor()).isZero();
  }

  @Test
  void aCommitBelowTheLogStartCountsOnlyWhatIsStillThere() throws Exception {
    send("a", "b", "c", "d", "e");
    commit(1);
    admin.deleteRecords(Map.of(zero, RecordsToDelete.beforeOffset(3))).all().get();

    PartitionLag lag = only(look());

    assertThat(lag.offsets().committed()).isEqualTo(1);
    assertThat(lag.behindRecordsAtMost()).isEqualTo(2);
  }

  @Test
  void anOpenTransactionHoldsAndIsNamed() {
    send("a");
    commit(1);
    try (Producer<byte[], byte[]> open = plain.transactional("publisher-of-" + topic)) {
      open.beginTransaction();
      send(open, "b");

      PartitionLag lag = only(look());

      assertThat(lag.state()).isEqualTo(PartitionState.HELD);
      assertThat(lag.heldBy()).isEqualTo("publisher-of-" + topic);
      assertThat(lag.behindRecordsAtMost()).isEqualTo(1);
      assertThat(lag.behindFor()).isNotNull().isBetween(Duration.ZERO, Duration.ofSeconds(30));
      open.abortTransaction();
    }
  }

  @Test
  void withoutACommitTheLagIsUnknownAndNotZero() {
    send("a");

    LagReport report = look();

    assertThat(report.verdict()).isEqualTo(Verdict.NEVER_RAN);
    PartitionLag lag = only(report);
    assertThat(lag.state()).isEqualTo(PartitionState.UNKNOWN);
    assertThat(lag.offsets().committed()).isNull();
    assertThat(lag.behindRecordsAtMost()).isNull();
    assertThat(lag.behindFor()).isNull();
  }

  @Test
  void nobodyIsBehindOnAnEmptyPartition() {
    PartitionLag lag = only(look());

    assertThat(lag.state()).isEqualTo(PartitionState.CAUGHT_UP);
    assertThat(lag.behindRecordsAtMost()).isZero();
    assertThat(lag.behindFor()).isZero();
  }

  @Test
  void onAHeavilyCompactedTopicSecondsAreRightOffsetsABoundAndTheCountExact() throws Exception {
    String[] keys = keys(100);
    try (Producer<byte[], byte[]> producer =
        plain.producer(Map.of("linger.ms", 20, "batch.size", 262_144, "compression.type", "lz4"))) {
      Future<RecordMetadata> last = CompletableFuture.failedFuture(new AssertionError());
      for (int i = 0; i < 10_000; i++) {
        for (String key : keys) {
          last = producer.send(record(key));
        }
      }
      producer.flush();
      assertThat(last.get().offset()).as("one partition has them in order").isEqualTo(999_999);
    }
    commit(0);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              // An idle last segment is never compacted: each look adds a record and a segment.
              send("tick");
              assertThat(remaining()).hasSizeLessThan(150);
            });

    LagReport report = probe().look(true);
    List<ConsumerRecord<byte[], byte[]>> remaining = remaining();

    PartitionLag lag = only(report);
    Instant oldest = Instant.ofEpochMilli(remaining.get(0).timestamp());
    assertThat(lag.behindRecordsAtMost()).isGreaterThan(1_000_000);
    assertThat(lag.behindRecords()).isBetween(101L, 150L).isEqualTo(remaining.size());
    assertThat(lag.behindFor()).isEqualTo(Duration.between(oldest, report.at()));
    assertThat(only(look()).behindRecords()).as("unknown where it was not counted").isNull();
  }

  @Test
  void aGroupWithoutMembersIsNoSink() {
    send("a", "b");
    commit(1);

    LagReport report = look();

    assertThat(report.verdict()).isEqualTo(Verdict.NO_SINK);
    assertThat(report.headline()).contains("NO SINK").contains("at most 1 record");
  }

  @Test
  void aTopicMadeAnewLeavesNoCommitThatFits() throws Exception {
    send("a", "b", "c");
    commit(3);
    admin.deleteTopics(List.of(topic)).all().get();
    makeTopic(1);
    // More than the group had of the other: its offset would fit, and mean nothing.
    send("a", "b", "c", "d", "e");

    PartitionLag lag = only(look());

    assertThat(lag.state()).isEqualTo(PartitionState.UNKNOWN);
    assertThat(lag.behindRecordsAtMost()).isNull();
    assertThat(lag.behindFor()).isNull();
  }

  @Test
  void anIdlePartitionIsCaughtUpHoweverOldItsLastRecordIs() throws Exception {
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
    BrokerMetadata.settle(admin);
    send("a", "b");
    commit(2);
    TopicPartition one = new TopicPartition(topic, 1);
    try (Producer<byte[], byte[]> producer = plain.producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, 1, "c".getBytes(UTF_8), "5".getBytes(UTF_8))).get();
    }
    admin.alterConsumerGroupOffsets(group, Map.of(one, new OffsetAndMetadata(0))).all().get();

    List<PartitionLag> lags = look().partitions();

    assertThat(lags).extracting(PartitionLag::partition).as("worst first").containsExactly(1, 0);
    assertThat(lags.get(0).behindFor()).isPositive();
    assertThat(lags.get(1).state()).isEqualTo(PartitionState.CAUGHT_UP);
    assertThat(lags.get(1).behindFor()).isZero();
    assertThat(lags.get(1).behindRecordsAtMost()).isZero();
  }

  @Test
  void anApplicationsGroupHasNoNodes() {
    send("a");
    commit(1);
    LagProbe withDeadNode =
        new LagProbe(
            admin,
            plain::consumer,
            topic,
            group,
            (topicId, partitions) ->
                List.of(NodeSnapshot.none(new NodeAddress("127.0.0.1", 1), "refused")));

    LagReport report = withDeadNode.look(false);

    assertThat(report.nodes()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.NO_SINK);
  }

  @Test
  void aMemberThatDoesNotMoveIsStalledAndOneThatCaughtUpIsNot() {
    send("a", "b", "c");
    try (Member member = new Member()) {
      commit(member, 1);

      LagReport behind = look();
      commit(member, 3);
      LagReport there = look();

      assertThat(behind.verdict()).isEqualTo(Verdict.STALLED);
      assertThat(behind.headline()).contains("STALLED for").contains("on partition 0");
      assertThat(only(behind).member()).startsWith("member-of-");
      assertThat(there.verdict()).isEqualTo(Verdict.CAUGHT_UP);
    }
  }

  @Test
  void aMemberThatCommitsNothingWhileItsNodeIsFilledIsNotStalled() {
    send("a", "b", "c");
    Iterator<NodeSnapshot> looks =
        List.of(
                sight(NodeProgressTest.filling(0.2, 4_000, 1)),
                sight(NodeProgressTest.filling(0.6, 2_000, 2)))
            .iterator();
    try (Member member = new Member()) {
      commit(member, 0);
      LagProbe probe =
          new LagProbe(
              admin, plain::consumer, topic, group, (topicId, asked) -> List.of(looks.next()));

      LagReport report = probe.look(false);

      assertThat(report.verdict()).isEqualTo(Verdict.CATCHING_UP);
      assertThat(report.left()).isEqualTo(Duration.ofSeconds(2));
      assertThat(report.headline())
          .endsWith(
              "CATCHING UP, about 2 s left; node cache1:11211 is FILLING 60 %, about 2 s left");
      assertThat(only(report).state()).isEqualTo(PartitionState.CATCHING_UP);
    }
  }

  @Test
  void aNodeThatNobodyBringsNearerMakesACaughtUpGroupStalled() {
    send("a", "b", "c");
    NodeSnapshot still = sight(NodeProgressTest.filling(0.2, 4_000, 1));
    try (Member member = new Member()) {
      commit(member, 3);
      LagProbe probe =
          new LagProbe(admin, plain::consumer, topic, group, (topicId, asked) -> List.of(still));

      LagReport report = probe.look(false);

      assertThat(only(report).state()).isEqualTo(PartitionState.CAUGHT_UP);
      assertThat(report.verdict()).isEqualTo(Verdict.STALLED);
      assertThat(report.left()).isNull();
      assertThat(report.headline()).contains("node cache1:11211 is FILLING 20 %; nobody has");
    }
  }

  private static NodeSnapshot sight(NodeSnapshot.OnPartition zero) {
    return NodeSnapshot.of(
        NodeProgressTest.NODE, Map.of(0, zero), Map.of(), NodeProgressTest.stats(0), null);
  }

  @Test
  void aMemberThatMovesIsCatchingUpWithAnEstimate() {
    send(keys(1_000));
    try (Member member = new Member()) {
      commit(member, 1);
      LagProbe moving = probe(() -> commit(member, 500));

      LagReport report = moving.look(false);

      assertThat(report.verdict()).isEqualTo(Verdict.CATCHING_UP);
      // 499 records in 2 s leave 500 for another 2 s.
      assertThat(report.left()).isNotNull().isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
    }
  }

  @Test
  void anUnknownTopicIsNamed() {
    LagProbe elsewhere =
        new LagProbe(admin, plain::consumer, "no-such-topic", group, SnapshotSource.NONE);

    assertThatThrownBy(() -> elsewhere.look(false))
        .isInstanceOf(LagUnknownException.class)
        .hasMessageContaining("topic no-such-topic does not exist");
  }

  /** What a reader of committed records finds in the topic. */
  private List<ConsumerRecord<byte[], byte[]>> remaining() {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (Consumer<byte[], byte[]> reader = plain.consumer(IsolationLevel.READ_COMMITTED)) {
      RangeReading.ofAll(reader, List.of(zero))
          .toEnd(Patience.of(Duration.ofMinutes(1), System::nanoTime), found::add);
    }
    return found;
  }

  private static String[] keys(int count) {
    String[] keys = new String[count];
    for (int i = 0; i < count; i++) {
      keys[i] = String.format(Locale.ROOT, "k%04d", i);
    }
    return keys;
  }

  private static PartitionLag only(LagReport report) {
    assertThat(report.partitions()).hasSize(1);
    return report.partitions().get(0);
  }

  private LagReport look() {
    return probe().look(false);
  }

  private LagProbe probe() {
    return new LagProbe(admin, plain::consumer, topic, group, SnapshotSource.NONE);
  }

  /** A probe that does {@code meanwhile} instead of only waiting, between its two looks. */
  private LagProbe probe(Runnable meanwhile) {
    return new LagProbe(
        admin,
        plain::consumer,
        topic,
        group,
        SnapshotSource.NONE,
        window -> {
          meanwhile.run();
          LagProbe.sleep(window);
        });
  }

  private ProducerRecord<byte[], byte[]> record(String key) {
    return new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), "5".getBytes(UTF_8));
  }

  private void send(String... keys) {
    try (Producer<byte[], byte[]> producer = plain.producer(Map.of())) {
      send(producer, keys);
    }
  }

  private void send(Producer<byte[], byte[]> producer, String... keys) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (String key : keys) {
      sent.add(producer.send(record(key)));
    }
    producer.flush();
    assertThat(sent).allSatisfy(each -> assertThat(each.get().hasOffset()).isTrue());
  }

  private void commitTransaction(String... keys) {
    try (Producer<byte[], byte[]> producer = plain.transactional("tx-of-" + topic)) {
      producer.beginTransaction();
      send(producer, keys);
      producer.commitTransaction();
    }
  }

  /** Commits as a group that has no member. */
  private void commit(long next) {
    try {
      admin.alterConsumerGroupOffsets(group, Map.of(zero, new OffsetAndMetadata(next))).all().get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void commit(Member member, long next) {
    member.consumer.commitSync(Map.of(zero, new OffsetAndMetadata(next)));
  }

  /** A member of the group that owns the partition and reads nothing. */
  private final class Member implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer =
        plain.consumer(Map.of("group.id", group, "client.id", "member-of-" + group));

    Member() {
      consumer.subscribe(List.of(topic));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
              });
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
