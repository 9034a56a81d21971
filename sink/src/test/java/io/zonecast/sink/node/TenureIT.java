package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.RawMemcached;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.DeadLetters;
import io.zonecast.sink.fill.FillTarget;
import io.zonecast.sink.fill.HandDrivenFills;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.poll.LiveSends;
import io.zonecast.sink.poll.Ownership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The checkpoint protocol step by step on a real node, with a hand in between: for each of its
 * parts the shortest trace that would go wrong without it. One partition; the poll loop and the
 * replay are played by the test, and others' writes come over a connection of their own.
 */
class TenureIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PREFIX = "zone:";
  private static final String A = "usps:005:010";
  private static final String B = "usps:005:011";
  private static final String TOO_LARGE = "x".repeat(1 << 20);
  private static final Uuid TOPIC_ID = new Uuid(1, 2);
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String CHECKPOINT = CheckpointKey.of("g", "zones", 0);
  private static final String STRANGER = "192.0.2.1:4711";

  private static MemcachedNode memcached;

  private final List<HandDrivenFills.Entry> log = new ArrayList<>();
  private final HandDrivenFills fills = new HandDrivenFills(log);
  private final Group group = new Group();
  private final MockProducer<byte[], byte[]> letters =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final List<NodeConnection> connections = new ArrayList<>();
  private RawMemcached raw;
  private NodeConnection connection;
  private Tenure tenure;

  @BeforeAll
  static void startNode() {
    memcached = Servers.shared().memcached();
  }

  @AfterAll
  static void stopNode() {
    memcached.close();
  }

  @BeforeEach
  void begin() throws Exception {
    raw = new RawMemcached(memcached.direct().host(), memcached.direct().port());
    raw.flushAll();
    begin(writtenWith("zone"), false, 0);
  }

  @AfterEach
  void end() {
    tenure.end();
    connections.forEach(NodeConnection::close);
  }

  // --- claim, prove, fill ---

  @Test
  void theClaimComesBeforeTheProofAndTheProofBeforeTheFill() throws Exception {
    List<String> order = new ArrayList<>();
    group.whenAsked = () -> order.add("prove, held by us: " + isOurs(checkpoint()));
    fills.whenAsked(() -> order.add("fill"));

    stepUntil(fills::isAsked);

    assertThat(order).containsExactly("prove, held by us: true", "fill");
  }

  @Test
  void withoutAProofNothingIsAskedForOrSent() throws Exception {
    // Two flushes around another's marker, and a sleeping owner's add succeeds: only the group
    // knows that it is not the owner any more.
    append(A, "1");
    group.refuses = true;

    stepUntil(() -> group.asked >= 2);

    assertThat(fills.asked()).isZero();
    assertThat(raw.get(PREFIX + A)).isEmpty();
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
  }

  @Test
  void aClaimThatAnotherBeatsIsReadAgain() throws Exception {
    append(A, "1");
    plant(live(1, 1_000).claimedBy(STRANGER));
    group.whenAsked =
        () -> {
          group.whenAsked = () -> {};
          plant(live(1, 2_000).claimedBy(Checkpoint.RELEASED));
        };

    stepUntilLive();

    assertThat(isOurs(checkpoint())).isTrue();
    assertThat(checkpoint().state()).isEqualTo(State.LIVE);
  }

  @Test
  void aNodeThatLacksNothingIsSentNothing() throws Exception {
    append(A, "1");
    raw.set(PREFIX + A, "mark");
    plant(live(1, now()).released());

    stepUntilLive();

    assertThat(raw.get(PREFIX + A)).contains("mark");
  }

  @Test
  void aNodeThatWasAwayGetsOnlyWhatItMissed() throws Exception {
    append(A, "1");
    append(B, "2");
    raw.set(PREFIX + A, "mark");
    plant(live(1, now()).released());

    stepUntil(fills::isAsked);

    assertThat(fills.fromOffset()).isEqualTo(1);
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("mark");
    assertThat(raw.get(PREFIX + B)).contains("2");
    assertThat(checkpoint().nextOffset()).isEqualTo(2);
  }

  @Test
  void aFillShowsNoHistoryButTheLatestOfEachKey() throws Exception {
    append(A, "1");
    append(A, "2");
    append(A, "3");
    var filled = new CompletableFuture<Long>();
    events.whenFilled = filled::complete;

    stepUntilLive();

    assertThat(filled).isCompletedWithValue(1L);
    assertThat(raw.get(PREFIX + A)).contains("3");
  }

  @Test
  void aFlushBetweenTwoPartsOfAFillIsNotHidden() throws Exception {
    append(A, "1");
    append(B, "2");
    stepUntil(fills::isAsked);
    FillTarget target = fills.answerAllBut(1);
    stepUntil(() -> raw.get(PREFIX + A).isPresent());

    raw.flushAll();
    fills.answerRest(target, 1);

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aFlushBetweenMarkerAndFillIsNotHidden() throws Exception {
    append(A, "1");
    stepUntil(fills::isAsked);

    raw.flushAll();

    stepUntilLive();
    assertThat(fills.asked()).isGreaterThan(1);
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aStaleEntryBesideAnEvictedCheckpointIsReplaced() throws Exception {
    append(A, "1");
    stepUntilLive();
    append(A, "2");

    raw.delete(CHECKPOINT);

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("2");
  }

  @Test
  void aFillDeletesWhatALateSetBroughtBack() throws Exception {
    // The set lands after the node was found empty, so that no sweep sees it.
    append(A, "1");
    append(A, null);
    stepUntil(fills::isAsked);

    raw.set(PREFIX + A, "1");

    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).isEmpty();
  }

  @Test
  void anEntryTooLargeIsPutAsideAndTheOthersAreStored() throws Exception {
    append(A, TOO_LARGE);
    append(B, "2");

    stepUntilLive();

    assertThat(raw.get(PREFIX + B)).contains("2");
    assertThat(raw.get(PREFIX + A)).isEmpty();
    assertThat(letters.history())
        .singleElement()
        .satisfies(letter -> assertThat(new String(letter.key(), UTF_8)).isEqualTo("zones-0-0"));
    assertThat(checkpoint().nextOffset()).isEqualTo(2);
  }

  // --- what the checkpoint is below ---

  @Test
  void theCheckpointIsLoweredBeforeAnythingIsWrittenBelowIt() throws Exception {
    // A set that fails drops the entry that was there: a checkpoint above it would hide that.
    append(A, "1");
    plant(live(1, now() - RETENTION.toMillis()).released());
    List<Checkpoint> atRequest = new ArrayList<>();
    fills.whenAsked(() -> atRequest.add(checkpoint()));

    stepUntil(fills::isAsked);

    assertThat(atRequest)
        .singleElement()
        .satisfies(
            checkpoint -> {
              assertThat(checkpoint.state()).isEqualTo(State.FILLING);
              assertThat(checkpoint.nextOffset()).isZero();
            });
  }

  @Test
  void anOrphanOfAnExpiredTombstoneIsSweptWhenTheCheckpointIsOld() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");
    plant(live(1, now() - RETENTION.toMillis()).released());

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void anOrphanIsSweptWhenTheCheckpointIsMissing() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aSweepTouchesOnlyZoneKeysOfOurPrefix() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");
    raw.set("other:" + B, "another's");
    raw.set(PREFIX + "no-zone-key", "another's");

    stepUntilLive();

    assertThat(raw.get(PREFIX + B)).isEmpty();
    assertThat(raw.get("other:" + B)).contains("another's");
    assertThat(raw.get(PREFIX + "no-zone-key")).contains("another's");
  }

  @Test
  void aSweepEndsWithTheRightToIt() throws Exception {
    append(A, "1");
    raw.set(PREFIX + B, "orphan");
    stepUntil(fills::isAsked);

    raw.flushAll();
    raw.set(PREFIX + B, "orphan");
    plant(live(1, now()).claimedBy(STRANGER));
    group.refuses = true;
    // The checkpoint is read back at the sweep's first key, a second after the last time.
    await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
    fills.answer();
    stepUntil(() -> group.asked >= 2);

    assertThat(raw.get(PREFIX + B)).contains("orphan");
    assertThat(raw.get(PREFIX + A)).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherTopicDoesNotEmptyTheNode() throws Exception {
    raw.set(PREFIX + A, "1");
    raw.set(PREFIX + B, "2");
    plant(otherTopics(live(2, now())).released());

    stepUntilAnswering(() -> !tenureStall().isEmpty());

    assertThat(tenureStall()).contains("made anew").contains("2 of 2").contains("rebuild");
    assertThat(cached()).hasSize(2);
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(checkpoint().topicId()).isNotEqualTo(TOPIC_ID);
  }

  @Test
  void aTopicMadeAnewWithTheSameRowsIsTaken() throws Exception {
    for (int i = 0; i < 100; i++) {
      append("usps:005:%03d".formatted(i), "new");
      raw.set(PREFIX + "usps:005:%03d".formatted(i), "old");
    }
    raw.set(PREFIX + "usps:006:000", "orphan");
    plant(otherTopics(live(2, now())).released());

    stepUntilLive();

    assertThat(cached()).isEqualTo(expected());
    assertThat(checkpoint().topicId()).isEqualTo(TOPIC_ID);
  }

  @Test
  void aCheckpointBeyondTheEndIsOfAnotherLog() throws Exception {
    raw.set(PREFIX + A, "1");
    append(B, "2");
    plant(live(99, now()).released());

    stepUntilAnswering(() -> !tenureStall().isEmpty());

    assertThat(tenureStall()).contains("1 of 1");
    assertThat(raw.get(PREFIX + A)).contains("1");
  }

  @Test
  void entriesOfOtherSettingsAreRefused() throws Exception {
    plant(live(1, now()).released());
    begin(writtenWith("json"), false, 0);

    assertThatThrownBy(this::step)
        .isInstanceOf(SettingsDifferException.class)
        .hasMessageContaining("--value-format");
    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
  }

  @Test
  void entriesOfOtherSettingsAreReplacedWhenAllowed() throws Exception {
    append(A, "1");
    plant(live(1, now()).released());
    begin(writtenWith("json"), true, 0);

    stepUntil(fills::isAsked);

    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(checkpoint().writtenWith()).isEqualTo(writtenWith("json"));
  }

  @Test
  void anEntryUnderTheCheckpointsKeyThatIsNoneIsAsGoodAsNone() throws Exception {
    append(A, "1");
    raw.set(CHECKPOINT, "zonecast/1 LIVE next=-7");

    stepUntilLive();

    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(cached()).isEqualTo(expected());
  }

  // --- live ---

  @Test
  void theCheckpointFollowsWhatIsAcknowledged() throws Exception {
    stepUntilLive();

    send(A, "1");

    stepUntil(() -> checkpoint().nextOffset() == 1);
    assertThat(raw.get(PREFIX + A)).contains("1");
  }

  @Test
  void aFlushIsNotHiddenByALaterCheckpoint() throws Exception {
    append(A, "1");
    stepUntilLive();

    raw.flushAll();
    send(B, "2");

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void anotherOwnersMarkerIsNotReplacedByAnOldOwnersCheckpoint() throws Exception {
    append(A, "1");
    stepUntilLive();

    raw.flushAll();
    plant(Checkpoint.filling(TOPIC_ID, 0, STRANGER, writtenWith("zone"), List.of()));
    group.refuses = true;
    send(B, "2");

    int askedBefore = group.asked;
    stepUntil(() -> group.asked > askedBefore);
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(checkpoint().nextOffset()).isZero();
    assertThat(fills.asked()).isEqualTo(1);
  }

  @Test
  void aFlushIsNoticedThoughNothingIsWritten() throws Exception {
    append(A, "1");
    stepUntilLive();

    raw.flushAll();

    stepUntil(fills::isAsked);
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aRefusedSetIsNeverSentAgainByItself() throws Exception {
    stepUntilLive();

    send(A, TOO_LARGE);
    send(A, "2");

    stepUntil(fills::isAsked);
    assertThat(checkpoint().nextOffset()).isZero();
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("2");
    assertThat(checkpoint().nextOffset()).isEqualTo(2);
    // The record that was too large has been superseded: nobody misses it.
    assertThat(letters.history()).isEmpty();
  }

  @Test
  void aRefusalThatOvertakesTheWordOfJoiningIsHeard() throws Exception {
    group.holdsJoins = true;
    stepUntilAnswering(() -> group.lane != null);
    send(A, TOO_LARGE);
    await().atMost(SOON).until(() -> connection.inFlightEntries() == 0);

    group.joined.complete(Ownership.Joining.JOINED);
    group.holdsJoins = false;

    stepUntilLive();
    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(letters.history()).hasSize(1);
  }

  @Test
  void aTokenDiesWithItsConnection() throws Exception {
    append(A, "1");
    stepUntilLive();
    Checkpoint marker = Checkpoint.filling(TOPIC_ID, 0, STRANGER, writtenWith("zone"), List.of());

    memcached.direct().restartEmpty();
    // A restart begins to count from the start: the marker gets a CAS that once was ours.
    plant(marker);

    assertThatThrownBy(() -> stepUntil(() -> false)).isInstanceOf(IOException.class);
    assertThat(tenure.isOver()).isTrue();
    assertThat(checkpoint()).isEqualTo(marker);
  }

  @Test
  void aNodeThatFallsBehindFurtherThanTombstonesLiveIsFilledFromTheBeginning() throws Exception {
    append(A, "1");
    plant(live(1, now()).released());
    stepUntilLive();
    raw.set(PREFIX + B, "orphan");

    clock.offset = RETENTION;

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isZero();
    stepUntilLive();
    assertThat(cached()).isEqualTo(expected());
  }

  @Test
  void aFillThatCanDoNoBetterIsNotRepeated() throws Exception {
    // As behind a record that waits: the fill cannot get further, and its time stays old.
    log.add(new HandDrivenFills.Entry(A, "1", now() - RETENTION.toMillis()));
    stepUntilLive();
    int asked = fills.asked();

    // Ticks come twice a second.
    await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(20))
        .during(Duration.ofMillis(1_200))
        .atMost(SOON)
        .until(
            () -> {
              step();
              return fills.asked() == asked;
            });
  }

  @Test
  void aReleasedPartitionNamesNoConnectionAndNothingIsSentForIt() throws Exception {
    stepUntilLive();
    send(A, "1");

    tenure.release(List.of(0));

    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
    assertThat(checkpoint().nextOffset()).isEqualTo(1);
    assertThat(tenure.lanes()).isEmpty();
  }

  @Test
  void aPartitionReleasedInMidFillKeepsItsMarker() throws Exception {
    append(A, "1");
    stepUntil(fills::isAsked);

    tenure.release(List.of(0));
    fills.answer();
    step();

    assertThat(checkpoint().conn()).isEqualTo(Checkpoint.RELEASED);
    assertThat(checkpoint().state()).isEqualTo(State.FILLING);
    assertThat(raw.get(PREFIX + A)).isEmpty();
  }

  // --- late batches ---

  @Test
  void aFormerWriterThatHasGoneIsForgottenOnceItsTraceIsMended() throws Exception {
    append(A, "1");
    plant(live(1, now()).claimedBy(STRANGER));

    stepUntilLive();

    assertThat(checkpoint().suspects()).isEmpty();
  }

  @Test
  void aLateBatchIsMendedOnceItsWriterHasGone() throws Exception {
    append(A, "1");
    append(A, "2");
    NodeConnection former = connect();
    plant(live(1, now()).claimedBy(former.localAddress()));
    stepUntilLive();
    assertThat(checkpoint().suspects())
        .containsExactly(new Suspect(former.localAddress(), 1, now()));

    sendLate(former, A, "late");
    former.close();

    stepUntil(fills::isAsked);
    assertThat(fills.fromOffset()).isEqualTo(1);
    stepUntilLive();
    assertThat(raw.get(PREFIX + A)).contains("2");
    assertThat(checkpoint().suspects()).isEmpty();
  }

  @Test
  void theGroupRemembersTheWritersOfAWipedNode() throws Exception {
    append(A, "1");
    NodeConnection former = connect();
    group.formerWriters = List.of(former.localAddress());

    stepUntilLive();

    assertThat(checkpoint().suspects()).containsExactly(new Suspect(former.localAddress(), 0, 0));
    former.close();
    stepUntil(fills::isAsked);
    stepUntilLive();
    assertThat(checkpoint().suspects()).isEmpty();
    assertThat(group.gone).containsExactly(former.localAddress());
  }

  // --- the stage ---

  private final ShiftedClock clock = new ShiftedClock();
  private final Events events = new Events();

  private void begin(WrittenWith writtenWith, boolean changeSettings, int nodeIndex)
      throws IOException {
    connection = connect();
    var context =
        new NodeContext(
            new TopicInfo("zones", TOPIC_ID, 1, RETENTION),
            "g",
            writtenWith,
            changeSettings,
            group,
            new Lease(SOON, System::nanoTime),
            fills,
            new DeadLetters("zones", "letters", "g", this::readBack, () -> letters),
            Map::of,
            clock,
            events);
    tenure = new Tenure(context, connection, nodeIndex, ConnectionSettings.DEFAULT, inbox::add);
    tenure.add(List.of(0));
  }

  private NodeConnection connect() throws IOException {
    MemcachedServer server = memcached.direct();
    NodeConnection opened =
        NodeConnection.open(
            new NodeAddress(server.host(), server.port()),
            ConnectionSettings.DEFAULT.withAckTimeout(SOON));
    connections.add(opened);
    return opened;
  }

  private void step() throws IOException, InterruptedException {
    tenure.step();
    for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
      task.run();
    }
  }

  private void stepUntil(BooleanSupplier reached) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(SOON)
        .until(
            () -> {
              if (reached.getAsBoolean()) {
                return true;
              }
              step();
              return reached.getAsBoolean();
            });
  }

  private void stepUntilAnswering(BooleanSupplier reached) {
    stepUntil(
        () -> {
          if (fills.isAsked()) {
            fills.answer();
          }
          return reached.getAsBoolean();
        });
  }

  private void stepUntilLive() {
    stepUntilAnswering(
        () -> tenure.lanes().stream().allMatch(l -> l.phase() == PartitionLane.Phase.LIVE));
  }

  private String tenureStall() {
    return Optional.ofNullable(tenure.firstStall()).orElse("");
  }

  private long now() {
    return clock.millis();
  }

  private void append(String key, @Nullable String value) {
    log.add(new HandDrivenFills.Entry(key, value, now()));
  }

  /** A live record: in the log, and sent by the poll loop. */
  private void send(String key, @Nullable String value) {
    append(key, value);
    LiveLane lane = Objects.requireNonNull(group.lane);
    new LiveSends(connection, PREFIX).send(lane, log.size() - 1L, key, value, now());
  }

  private static void sendLate(NodeConnection by, String key, String value) throws Exception {
    var batch = new EntryBatch(PREFIX, 0);
    batch.set(key.getBytes(UTF_8), value.getBytes(UTF_8));
    assertThat(by.sendLoud(batch, SOON)).isEmpty();
  }

  private static WrittenWith writtenWith(String format) {
    return new WrittenWith(PREFIX, format, 0, "modulo", List.of("a:11211"));
  }

  private static Checkpoint live(long nextOffset, long timeMillis) {
    return new Checkpoint(
        State.LIVE,
        TOPIC_ID,
        0,
        nextOffset,
        timeMillis,
        Checkpoint.RELEASED,
        writtenWith("zone"),
        List.of());
  }

  private static Checkpoint otherTopics(Checkpoint checkpoint) {
    return new Checkpoint(
        checkpoint.state(),
        new Uuid(8, 9),
        checkpoint.partition(),
        checkpoint.nextOffset(),
        checkpoint.timeMillis(),
        checkpoint.conn(),
        checkpoint.writtenWith(),
        checkpoint.suspects());
  }

  /** Another's checkpoint, written without asking what is there. */
  private void plant(Checkpoint checkpoint) {
    raw.set(CHECKPOINT, new String(checkpoint.encode(), UTF_8));
  }

  private Checkpoint checkpoint() {
    return raw.get(CHECKPOINT)
        .flatMap(text -> Checkpoint.decode(text.getBytes(UTF_8)))
        .orElseThrow();
  }

  private boolean isOurs(Checkpoint checkpoint) {
    return checkpoint.conn().equals(connection.localAddress());
  }

  private Map<String, String> cached() {
    return raw.entries(PREFIX);
  }

  private Map<String, String> expected() {
    Map<String, String> latest = new TreeMap<>();
    for (HandDrivenFills.Entry entry : log) {
      if (entry.value() == null) {
        latest.remove(entry.key());
      } else {
        latest.put(entry.key(), entry.value());
      }
    }
    return latest;
  }

  /** A consumer from which one record of the log can be read back. */
  private Consumer<ByteBuffer, ByteBuffer> readBack() {
    var consumer = new MockConsumer<ByteBuffer, ByteBuffer>("earliest");
    var partition = new TopicPartition("zones", 0);
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.schedulePollTask(
        () -> {
          for (int offset = 0; offset < log.size(); offset++) {
            HandDrivenFills.Entry entry = log.get(offset);
            consumer.addRecord(
                new ConsumerRecord<>(
                    "zones",
                    0,
                    offset,
                    ByteBuffer.wrap(entry.key().getBytes(UTF_8)),
                    entry.value() == null ? null : ByteBuffer.wrap(entry.value().getBytes(UTF_8))));
          }
        });
    return consumer;
  }

  /** The group and the poll loop, as far as a node's keeper sees them. */
  private static final class Group implements Ownership {
    private Runnable whenAsked = () -> {};
    private List<String> formerWriters = List.of();
    private final List<String> gone = new ArrayList<>();
    private boolean refuses;
    private boolean holdsJoins;
    private int asked;
    private CompletableFuture<Joining> joined = new CompletableFuture<>();
    private @Nullable LiveLane lane;

    @Override
    public CompletableFuture<Map<Integer, List<String>>> prove(
        Collection<Integer> partitions, String node, String conn) {
      asked++;
      whenAsked.run();
      if (refuses) {
        return CompletableFuture.failedFuture(new RebalanceInProgressException("not ours"));
      }
      Map<Integer, List<String>> others = new HashMap<>();
      partitions.forEach(partition -> others.put(partition, formerWriters));
      return CompletableFuture.completedFuture(others);
    }

    @Override
    public void gone(int partition, String node, Collection<String> conns) {
      gone.addAll(conns);
    }

    @Override
    public CompletableFuture<Joining> join(LiveLane joining) {
      lane = joining;
      joined =
          holdsJoins
              ? new CompletableFuture<>()
              : CompletableFuture.completedFuture(Joining.JOINED);
      return joined;
    }
  }

  private static final class Events implements NodeEvents {
    private java.util.function.LongConsumer whenFilled = entries -> {};

    @Override
    public void filled(String node, int partition, long nextOffset, long entries, long nanos) {
      whenFilled.accept(entries);
    }

    @Override
    public void swept(String node, int partition, long entries) {}

    @Override
    public void changed(NodeStatus before, NodeStatus now) {}
  }

  private static final class ShiftedClock extends Clock {
    private Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
      return NOW.plus(offset);
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }
}
