package io.zonecast.sink.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.sink.RawMemcached;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import io.zonecast.sink.poll.KeeperRequests.Joining;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The poll loop over a log of the test's making, with lanes to real nodes. */
class PollLoopIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int PARTITIONS = 2;

  /** Keys of partition 0: the even ones live on node 0, the odd ones on node 1. */
  private static final List<String> KEYS =
      IntStream.range(0, 200)
          .mapToObj(i -> "usps:000:%03d".formatted(i))
          .filter(key -> KeyPartition.of(key.getBytes(UTF_8), PARTITIONS) == 0)
          .toList();

  private static final String EVEN = keyOn(0, 0);
  private static final String ODD = keyOn(1, 0);
  private static final String SECOND_ODD = keyOn(1, 1);

  /** A zone that the decoder does not know how to read until it is told. */
  private static final String UNKNOWN = "?";

  private static final String UNDECODABLE = "!";

  private static MemcachedNode a;
  private static MemcachedNode b;

  private final LogConsumer log = new LogConsumer();
  private final AtomicBoolean schemaIsKnown = new AtomicBoolean();
  private final AtomicBoolean lettersAreTaken = new AtomicBoolean(true);
  private final RecordingKeeper keeper = new RecordingKeeper();
  private final List<NodeConnection> connections = new ArrayList<>();
  private final MockProducer<byte[], byte[]> letters =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  private final CountDownLatch openingTakes = new CountDownLatch(1);
  private volatile boolean openingWaits;
  private final DeadLetters deadLetters =
      new DeadLetters(
          new TopicInfo(
              "cluster", LogConsumer.TOPIC, Uuid.ONE_UUID, PARTITIONS, Duration.ofDays(1)),
          "g",
          LogConsumer::new,
          this::openLetters,
          (partition, records, firstOffset, reason) -> {},
          Timing.SYSTEM);
  private final PollLoop loop =
      new PollLoop(
          LogConsumer.TOPIC,
          log,
          Map::of,
          reader(),
          deadLetters,
          new WrittenWith("zone:", "zone", 0, "modulo", List.of("a:11211", "b:11211")),
          (entries, oldest) -> {},
          Timing.SYSTEM);
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  @BeforeAll
  static void startNodes() {
    a = Servers.shared().memcached();
    b = Servers.shared().memcached();
  }

  @AfterAll
  static void stopNodes() {
    a.close();
    b.close();
  }

  @BeforeEach
  void startLoop() {
    raw(a).flushAll();
    raw(b).flushAll();
    loop.addKeeper(keeper);
    var thread =
        new Thread(
            () -> {
              try {
                loop.run();
                end.complete(null);
              } catch (RuntimeException e) {
                end.completeExceptionally(e);
              }
            },
            "poll-loop");
    thread.setDaemon(true);
    thread.start();
    log.assign(0);
    await().atMost(SOON).until(() -> loop.assigned().contains(0));
  }

  @AfterEach
  void stopLoop() throws Exception {
    loop.close();
    connections.forEach(NodeConnection::close);
    openingTakes.countDown();
    deadLetters.close();
    end.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void recordsFlowToTheLaneOfTheirNode() throws Exception {
    log.append(0, EVEN, "1");
    log.append(0, ODD, "2");

    LiveLane toA = join(a, 0, 0);
    LiveLane toB = join(b, 1, 0);

    awaitNext(toA, 2);
    awaitNext(toB, 2);
    assertThat(raw(a).get("zone:" + EVEN)).contains("1");
    assertThat(raw(b).get("zone:" + ODD)).contains("2");
    assertThat(raw(b).get("zone:" + EVEN)).isEmpty();
  }

  @Test
  void aLaneGetsNothingFromBeforeItsFillEnded() throws Exception {
    raw(a).set("zone:" + EVEN, "newer");
    log.append(0, EVEN, "older");
    log.append(0, keyOn(0, 1), "1");

    LiveLane lane = join(a, 0, 1);

    awaitNext(lane, 2);
    assertThat(raw(a).get("zone:" + EVEN)).contains("newer");
  }

  @Test
  void theOthersAreNotSentAgainWhatALaterLaneStepsBackFor() throws Exception {
    log.append(0, EVEN, "1");
    log.append(0, ODD, "2");
    LiveLane toA = join(a, 0, 0);
    awaitNext(toA, 2);
    raw(a).set("zone:" + EVEN, "mark");

    LiveLane toB = join(b, 1, 0);

    awaitNext(toB, 2);
    assertThat(raw(b).get("zone:" + ODD)).contains("2");
    assertThat(raw(a).get("zone:" + EVEN)).contains("mark");
  }

  @Test
  void aLaneTooFarBehindIsToldToFillAgain() throws Exception {
    for (int i = 0; i < 10_050; i++) {
      log.append(0, EVEN, "1");
    }
    awaitNext(join(a, 0, 0), 10_050);

    Joining answer = ask(b, 1, 10);

    assertThat(answer).isEqualTo(Joining.TOO_FAR_BEHIND);
  }

  @Test
  void aLaneOfAPartitionThatIsNotOursIsGone() throws Exception {
    LiveLane lane = lane(connect(a), 0, 1, 0);

    Joining answer = loop.join(lane).get(SOON.toSeconds(), TimeUnit.SECONDS);

    assertThat(answer).isEqualTo(Joining.GONE);
  }

  @Test
  void aRecordThatCannotBeReadYetHoldsItsPartitionUntilItCan() throws Exception {
    log.append(0, EVEN, "1");
    log.append(0, ODD, UNKNOWN);
    log.append(0, EVEN, "2");
    LiveLane toA = join(a, 0, 0);
    awaitNext(toA, 1);
    await().atMost(SOON).until(() -> !loop.waiting().isEmpty());
    assertThat(loop.waiting().toString()).contains("offset 1", "schema");
    assertThat(raw(a).get("zone:" + EVEN)).contains("1");

    schemaIsKnown.set(true);

    awaitNext(toA, 3);
    assertThat(raw(a).get("zone:" + EVEN)).contains("2");
    await().atMost(SOON).until(() -> loop.waiting().isEmpty());
  }

  @Test
  void itIsNotForgottenBetweenTriesThatARecordWaits() throws Exception {
    log.append(0, EVEN, UNKNOWN);
    join(a, 0, 0);
    await().atMost(SOON).until(() -> !loop.waiting().isEmpty());

    await()
        .pollInterval(Duration.ofMillis(1))
        .during(Duration.ofMillis(1_500))
        .atMost(SOON)
        .until(() -> loop.waiting().containsKey(0));
  }

  @Test
  void aLaneThatJoinsBelowARecordThatWaitsGetsWhatLiesBetween() throws Exception {
    log.append(0, EVEN, "1");
    log.append(0, ODD, "1");
    log.append(0, SECOND_ODD, "1");
    log.append(0, ODD, UNKNOWN);
    LiveLane toA = join(a, 0, 0);
    awaitNext(toA, 3);
    await().atMost(SOON).until(() -> !loop.waiting().isEmpty());

    LiveLane toB = join(b, 1, 1);

    awaitNext(toB, 3);
    assertThat(raw(b).get("zone:" + ODD)).contains("1");
    assertThat(raw(b).get("zone:" + SECOND_ODD)).contains("1");
    assertThat(loop.waiting().toString()).contains("offset 3");
  }

  @Test
  void anUndecodableRecordIsPutAsideAndTheOthersFlow() throws Exception {
    log.append(0, EVEN, UNDECODABLE);
    log.append(0, EVEN, "1");

    LiveLane lane = join(a, 0, 0);

    awaitNext(lane, 2);
    assertThat(raw(a).get("zone:" + EVEN)).contains("1");
    assertThat(letters.history())
        .singleElement()
        .satisfies(letter -> assertThat(new String(letter.key(), UTF_8)).isEqualTo("zones-0-0"));
  }

  @Test
  void noCheckpointPassesALetterThatIsNotTakenAndTheRecordsBehindItFlow() throws Exception {
    lettersAreTaken.set(false);
    log.append(0, EVEN, UNDECODABLE);
    log.append(0, EVEN, "1");
    LiveLane lane = join(a, 0, 0);
    await().atMost(SOON).until(() -> !loop.waiting().isEmpty());
    assertThat(loop.waiting())
        .isEqualTo(
            Map.of(
                0,
                new WaitNote(
                    0,
                    "topic zones.dead-letters takes no dead letters: nobody may make the topic")));
    await().atMost(SOON).until(() -> raw(a).get("zone:" + EVEN).isPresent());
    assertThat(lane.acknowledged().nextOffset()).isZero();

    lettersAreTaken.set(true);

    awaitNext(lane, 2);
    await().atMost(SOON).until(() -> loop.waiting().isEmpty());
    assertThat(letters.history()).hasSize(1);
  }

  @Test
  void aLetterThatTakesForEverKeepsNobodyWaiting() throws Exception {
    openingWaits = true;
    log.append(0, EVEN, UNDECODABLE);
    LiveLane toA = join(a, 0, 0);
    await().atMost(SOON).until(() -> deadLetters.firstUnwritten(0, 0).isPresent());

    log.append(0, ODD, "1");
    LiveLane toB = join(b, 1, 1);

    awaitNext(toB, 2);
    assertThat(toA.acknowledged().nextOffset()).isZero();
    prove(0);
  }

  private Producer<byte[], byte[]> openLetters() {
    try {
      if (openingWaits) {
        openingTakes.await();
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    if (!lettersAreTaken.get()) {
      throw new KafkaException("nobody may make the topic");
    }
    return letters;
  }

  @Test
  void aCommitThatFailedIsRepeatedThoughNothingMoves() throws Exception {
    prove(0);
    log.append(0, EVEN, "1");
    log.failCommits(1);

    LiveLane lane = join(a, 0, 0);

    awaitNext(lane, 1);
    await().atMost(SOON).untilAsserted(() -> assertThat(log.committedOf(0)).isEqualTo(1));
  }

  @Test
  void aGroupThatDoesNotAnswerIsNoProofAndNoEnd() throws Exception {
    log.failLookUps(1);

    assertThatThrownBy(() -> prove(0))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("does not answer");

    prove(0);
    assertThat(end).isNotDone();
    assertThat(log.committedOf(0)).isZero();
  }

  @Test
  void aPartitionThatIsNotOursCannotBeProved() {
    assertThatThrownBy(() -> prove(0, 1))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("not all ours");
  }

  @Test
  void aKeeperThatDoesNotReleaseInTimeIsCutOff() {
    keeper.releases = new CompletableFuture<>();

    log.assign();

    await().atMost(SOON).untilAsserted(() -> assertThat(keeper.lost).containsExactly(0));
  }

  @Test
  void aKeeperThatReleasesIsNotCutOff() {
    log.assign();

    await().atMost(SOON).until(() -> loop.assigned().isEmpty());
    assertThat(keeper.released).containsExactly(0);
    assertThat(keeper.lost).isEmpty();
  }

  @Test
  void aRefusalEndsTheLaneAndAcknowledgesNothingAfterIt() throws Exception {
    NodeConnection connection = connect(a);
    var refused = new CompletableFuture<LiveLane>();
    var lane =
        new LiveLane(
            connection,
            0,
            0,
            PartitionPosition.NONE,
            UnaryOperator.identity(),
            stopped -> refused.complete(stopped));
    log.append(0, EVEN, "x".repeat(1 << 20));
    log.append(0, EVEN, "1");

    loop.join(lane).get(SOON.toSeconds(), TimeUnit.SECONDS);

    assertThat(refused).succeedsWithin(SOON).isSameAs(lane);
    assertThat(lane.acknowledged().nextOffset()).isZero();
    assertThat(lane.isOpen()).isFalse();
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void aLogThatIsCutOffEndsTheLanesThatWereSentMore() throws Exception {
    log.append(0, EVEN, "1");
    log.append(0, ODD, "1");
    log.append(0, EVEN, "lost");
    LiveLane toA = join(a, 0, 0);
    awaitNext(toA, 3);

    log.cutOff(0, 2);
    log.append(0, ODD, "2");
    log.append(0, EVEN, "2");

    await().atMost(SOON).until(toA::isOfAnotherLog);
    assertThat(toA.isOpen()).isFalse();
    LiveLane again = join(a, 0, 0);
    awaitNext(again, 4);
    assertThat(again.isOfAnotherLog()).isFalse();
    assertThat(raw(a).get("zone:" + EVEN)).contains("2");
  }

  private void prove(Integer... partitions) throws Exception {
    var ignored =
        loop.prove(List.of(partitions), "node", "conn").get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(ignored.keySet()).containsExactly(partitions);
  }

  private LiveLane join(MemcachedNode node, int index, long from) throws Exception {
    LiveLane lane = lane(connect(node), index, 0, from);
    Joining answer = loop.join(lane).get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(answer).isEqualTo(Joining.JOINED);
    return lane;
  }

  private Joining ask(MemcachedNode node, int index, long from) throws Exception {
    return loop.join(lane(connect(node), index, 0, from)).get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private LiveLane lane(NodeConnection connection, int index, int partition, long from) {
    return new LiveLane(
        connection,
        index,
        partition,
        new PartitionPosition(from, 0, PartitionPosition.NO_EPOCH),
        reached ->
            deadLetters
                .firstUnwritten(partition, from)
                .map(
                    letter -> new PartitionPosition(letter.offset(), 0, PartitionPosition.NO_EPOCH))
                .orElse(reached),
        stopped -> {});
  }

  private NodeConnection connect(MemcachedNode node) throws IOException {
    NodeConnection connection =
        NodeConnection.open(
            new NodeAddress(node.host(), node.port()),
            ConnectionSettings.DEFAULT.withAckTimeout(SOON));
    connections.add(connection);
    return connection;
  }

  private static void awaitNext(LiveLane lane, long nextOffset) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(lane.acknowledged().nextOffset()).isEqualTo(nextOffset));
  }

  private static RawMemcached raw(MemcachedNode node) {
    return new RawMemcached(node);
  }

  private static String keyOn(int node, int nth) {
    return KEYS.stream().filter(key -> nodeOf(key) == node).skip(nth).findFirst().orElseThrow();
  }

  private static int nodeOf(String key) {
    return (key.charAt(key.length() - 1) - '0') % 2;
  }

  private EntryReader reader() {
    RowDecoder decoder =
        (value, row) -> {
          String[] parts = UTF_8.decode(value.duplicate()).toString().split(":", -1);
          String zone = parts[3];
          if (zone.equals(UNDECODABLE)) {
            throw new UndecodableValueException("no row");
          }
          if (zone.equals(UNKNOWN) && !schemaIsKnown.get()) {
            throw new UnknownSchemaIdException(7, "schema id 7 is unknown");
          }
          row.carrier().set(parts[0]);
          row.origin().set(parts[1]);
          row.destination().set(parts[2]);
          row.zone().set(zone);
        };
    return new EntryReader(
        PARTITIONS,
        "zone:",
        ValueFormat.ZONE,
        (key, offset, length) -> (key[offset + length - 1] - '0') % 2,
        decoder);
  }

  private static final class RecordingKeeper implements AssignmentListener {
    private volatile CompletableFuture<Void> releases = CompletableFuture.completedFuture(null);
    private final List<Integer> released = new ArrayList<>();
    private final List<Integer> lost = new ArrayList<>();

    @Override
    public void assigned(Collection<Integer> partitions) {}

    @Override
    public CompletableFuture<Void> released(Collection<Integer> partitions) {
      released.addAll(partitions);
      return releases;
    }

    @Override
    public void lost(Collection<Integer> partitions) {
      lost.addAll(partitions);
    }
  }
}
