package io.zonecast.sink.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.RawMemcached;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.poll.KeeperRequests;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.poll.LiveSends;
import io.zonecast.sink.replay.HandDrivenFills;
import io.zonecast.sink.timing.ShiftedTiming;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * The stage for the checkpoint protocol step by step on a real node, with a hand in between: each
 * test plays the shortest trace that would go wrong without one of its parts. One partition; the
 * poll loop and the replay are played by the test, and others' writes come over a connection of
 * their own.
 */
abstract class ProtocolStage {
  static final Duration SOON = Duration.ofSeconds(30);
  static final String PREFIX = "zone:";
  static final String A = "usps:005:010";
  static final String B = "usps:005:011";
  static final String TOO_LARGE = "x".repeat(1 << 20);
  static final Uuid TOPIC_ID = new Uuid(1, 2);
  static final Duration RETENTION = Duration.ofDays(7);
  static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  static final String CHECKPOINT = CheckpointKey.of("g", "zones", 0);
  static final String STRANGER = "192.0.2.1:4711";

  static MemcachedNode memcached;

  // A letter's record is read back on another thread.
  final List<HandDrivenFills.Entry> log = new CopyOnWriteArrayList<>();
  final HandDrivenFills fills = new HandDrivenFills(log);
  final Group group = new Group();
  final MockProducer<byte[], byte[]> letters =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  final AtomicBoolean lettersAreTaken = new AtomicBoolean(true);
  final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  final List<NodeConnection> connections = new ArrayList<>();
  RawMemcached raw;
  NodeConnection connection;
  DeadLetters deadLetters;
  CheckpointProtocol tenure;
  NodeMemory memory;
  int partitions = 1;
  boolean strictMemory;

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
    raw = new RawMemcached(memcached.direct());
    raw.flushAll();
    plantOwners();
    begin(writtenWith("zone"), false, 0);
  }

  @AfterEach
  void end() {
    tenure.end();
    deadLetters.close();
    connections.forEach(NodeConnection::close);
  }

  final ShiftedTiming timing = ShiftedTiming.fixedAt(NOW);
  final Events events = new Events();

  NodeContext context;
  OwnerStep owner;
  List<NodeAddress> pool = List.of();
  Set<String> sampleKeys = Set.of();

  Claimant us(WrittenWith writtenWith) {
    return new Claimant(
        new TopicInfo("cluster", "zones", TOPIC_ID, partitions, RETENTION), "g", writtenWith);
  }

  /** As an earlier sink of ours has left it. */
  void plantOwners() {
    NodeOwners owners =
        NodeOwners.NONE.with(PREFIX, us(writtenWith("zone")).claimTo(memcached.direct().address()));
    raw.set(NodeOwners.KEY, new String(owners.encode(), UTF_8));
  }

  final void begin(WrittenWith writtenWith, boolean changeSettings, int nodeIndex)
      throws IOException {
    connection = connect();
    TopicInfo topic = us(writtenWith).topic();
    deadLetters =
        new DeadLetters(
            topic,
            "g",
            this::readBack,
            () -> {
              if (!lettersAreTaken.get()) {
                throw new KafkaException("nobody may make the topic");
              }
              return letters;
            },
            (partition, records, firstOffset, reason) -> {},
            Timing.SYSTEM);
    var check = new OwnerCheck(us(writtenWith), ConnectionSettings.DEFAULT, () -> sampleKeys);
    context =
        new NodeContext(
            new PoolSettings(
                pool,
                us(writtenWith),
                check,
                changeSettings,
                strictMemory,
                ConnectionSettings.DEFAULT),
            new TopicAccess(group, new Lease(SOON, timing), fills, deadLetters, Map::of),
            new StartupOwnerCheck(pool),
            new ConcurrentHashMap<>(),
            new SettingsInForce(writtenWith, timing),
            timing,
            events,
            List::of);
    memory = new NodeMemory(context);
    owner = new OwnerStep(context, connection.address());
    tenure = new CheckpointProtocol(context, connection, nodeIndex, owner, memory, inbox::add);
    tenure.add(List.of(0));
  }

  NodeConnection connect() throws IOException {
    MemcachedServer server = memcached.direct();
    NodeConnection opened =
        NodeConnection.open(
            new NodeAddress(server.host(), server.port()),
            ConnectionSettings.DEFAULT.withAckTimeout(SOON));
    connections.add(opened);
    return opened;
  }

  void step() throws IOException, InterruptedException {
    tenure.step();
    for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
      task.run();
    }
  }

  void stepUntil(BooleanSupplier reached) {
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

  void stepUntilAnswering(BooleanSupplier reached) {
    stepUntil(
        () -> {
          if (fills.isAsked()) {
            fills.answer();
          }
          return reached.getAsBoolean();
        });
  }

  void stepUntilLive() {
    stepUntilAnswering(() -> tenure.lanes().stream().allMatch(PartitionLane::isLive));
  }

  String tenureStall() {
    return Optional.ofNullable(tenure.firstStall()).orElse("");
  }

  long now() {
    return timing.millis();
  }

  void append(String key, @Nullable String value) {
    log.add(new HandDrivenFills.Entry(key, value, now()));
  }

  /** A live record: in the log, and sent by the poll loop. */
  void send(String key, @Nullable String value) {
    append(key, value);
    LiveLane lane = Objects.requireNonNull(group.lane);
    new LiveSends(connection, PREFIX).send(lane, log.size() - 1L, key, value, now());
  }

  static void sendLate(NodeConnection by, String key, String value) throws Exception {
    var batch = new EntryBatch(PREFIX, 0);
    batch.set(key.getBytes(UTF_8), value.getBytes(UTF_8));
    assertThat(by.sendLoud(batch, SOON)).isEmpty();
  }

  static WrittenWith writtenWith(String format) {
    return new WrittenWith(PREFIX, format, 0, "modulo", List.of("a:11211"));
  }

  static Checkpoint live(long nextOffset, long timeMillis) {
    return new Checkpoint(
        State.LIVE,
        TOPIC_ID,
        0,
        new PartitionPosition(nextOffset, timeMillis, PartitionPosition.NO_EPOCH),
        Checkpoint.RELEASED,
        writtenWith("zone"),
        0,
        List.of());
  }

  static Checkpoint otherTopics(Checkpoint checkpoint) {
    return new Checkpoint(
        checkpoint.state(),
        new Uuid(8, 9),
        checkpoint.partition(),
        checkpoint.progress(),
        checkpoint.conn(),
        checkpoint.writtenWith(),
        checkpoint.sinceMillis(),
        checkpoint.suspects());
  }

  /** Another's checkpoint, written without asking what is there. */
  void plant(Checkpoint checkpoint) {
    raw.set(CHECKPOINT, new String(checkpoint.encode(), UTF_8));
  }

  Checkpoint checkpoint() {
    return raw.get(CHECKPOINT)
        .flatMap(text -> Checkpoint.decode(text.getBytes(UTF_8)))
        .orElseThrow();
  }

  boolean isOurs(Checkpoint checkpoint) {
    return checkpoint.conn().equals(connection.localAddress());
  }

  Map<String, String> cached() {
    return raw.entries(PREFIX);
  }

  Map<String, String> expected() {
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
  Consumer<ByteBuffer, ByteBuffer> readBack() {
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
  static final class Group implements KeeperRequests {
    Runnable whenAsked = () -> {};
    List<String> formerWriters = List.of();
    final List<String> gone = new ArrayList<>();
    boolean refuses;
    boolean holdsJoins;
    Map<Integer, WaitNote> waiting = Map.of();
    int asked;
    CompletableFuture<Joining> joined = new CompletableFuture<>();
    @Nullable LiveLane lane;

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
    public Map<Integer, WaitNote> waiting() {
      return waiting;
    }

    @Override
    public CompletableFuture<Boolean> hasWrittenTo(String node) {
      return CompletableFuture.completedFuture(!formerWriters.isEmpty());
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

  static final class Events implements NodeEvents {
    java.util.function.LongConsumer whenFilled = entries -> {};
    final List<MemoryVerdict> verdicts = new ArrayList<>();

    @Override
    public void filled(String node, int partition, long nextOffset, long entries, long nanos) {
      whenFilled.accept(entries);
    }

    @Override
    public void swept(String node, int partition, long entries) {}

    @Override
    public void weighed(MemoryVerdict verdict, int counted, int partitions) {
      verdicts.add(verdict);
    }

    @Override
    public void changed(NodeStatus before, NodeStatus now) {}
  }
}
