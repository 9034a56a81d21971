package io.zonecast.sink.poll;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Writers;
import io.zonecast.sink.entry.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group's member: polls, and sends each poll to every node whose lane for its partition is
 * live, as one set-many a node. A partition without a live lane is paused; one whose nodes cannot
 * take more is paused too, and the group never sees the difference.
 *
 * <p>What is committed to the group is what every live node has acknowledged. It serves lag tools;
 * where a node goes on from is said by the node's own checkpoint.
 *
 * <p>{@link #run} is the one thread that touches the consumer.
 */
public final class PollLoop implements Ownership, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration POLL_WHEN_FULL = Duration.ofMillis(2);
  private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(5);

  /** The commit at a revocation serves lag tools only: an end must not wait long for a broker. */
  private static final Duration LAST_COMMIT_TIMEOUT = Duration.ofSeconds(2);

  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);
  private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long RETRY_AFTER_NANOS = Duration.ofSeconds(1).toNanos();

  /**
   * Live entries in flight to one node before the consumer pauses: 32 polls, so that distance does
   * not show.
   */
  private static final int MAX_IN_FLIGHT_ENTRIES = 160_000;

  /** How far the live records step back for a lane that joins: further, and the fill goes again. */
  private static final long MAX_STEP_BACK = 10_000;

  private final String topic;
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final EntryReader reader;
  private final DeadLetters deadLetters;
  private final String keyPrefix;
  private final long clientFlags;
  private final DelayListener delays;
  private final List<AssignmentListener> keepers = new ArrayList<>();

  private final Map<Integer, Feed> feeds = new TreeMap<>();
  private final Map<NodeConnection, Outgoing.Pool> pools = new HashMap<>();
  private final ConcurrentLinkedQueue<Runnable> questions = new ConcurrentLinkedQueue<>();
  private long lastCommitNanos = System.nanoTime();
  private boolean full;
  private volatile boolean closed;
  private volatile long lastTurnNanos = System.nanoTime();
  private volatile Map<Integer, String> waiting = Map.of();
  private volatile Set<Integer> assigned = Set.of();
  private volatile boolean joined;

  /**
   * @param consumer subscribed by {@link #run} and closed by it
   * @param delays hears of what was acknowledged
   */
  public PollLoop(
      String topic,
      Consumer<ByteBuffer, ByteBuffer> consumer,
      EntryReader reader,
      DeadLetters deadLetters,
      String keyPrefix,
      long clientFlags,
      DelayListener delays) {
    this.topic = topic;
    this.consumer = consumer;
    this.reader = reader;
    this.deadLetters = deadLetters;
    this.keyPrefix = keyPrefix;
    this.clientFlags = clientFlags;
    this.delays = delays;
  }

  /** Adds a node's keeper; before {@link #run}. */
  public void addKeeper(AssignmentListener keeper) {
    keepers.add(keeper);
  }

  /** Polls until {@link #close}; then releases what it owns and leaves the group. */
  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(List.of(topic), new Rebalances());
      while (!closed) {
        turn();
      }
    } finally {
      closed = true;
      answerQuestions();
    }
  }

  /** Ends {@link #run} after its present turn. Thread-safe. */
  public void close() {
    closed = true;
    consumer.wakeup();
  }

  /** When the loop last began a turn, by {@link System#nanoTime}. */
  public long lastTurnNanos() {
    return lastTurnNanos;
  }

  /** Partitions held by a record that cannot be read yet, and what it waits for. */
  public Map<Integer, String> waiting() {
    return waiting;
  }

  /** Whether the group has said what is ours, which may be nothing. */
  public boolean hasJoined() {
    return joined;
  }

  /** The partitions that are this member's at present. */
  public Set<Integer> assigned() {
    return assigned;
  }

  @Override
  public CompletableFuture<Map<Integer, List<String>>> prove(
      Collection<Integer> partitions, String node, String conn) {
    List<Integer> asked = List.copyOf(partitions);
    var proof = new CompletableFuture<Map<Integer, List<String>>>();
    ask(
        () -> {
          try {
            proof.complete(commitPresent(asked, node, conn));
          } catch (KafkaException e) {
            proof.completeExceptionally(e);
          }
        });
    return proof;
  }

  @Override
  public void gone(int partition, String node, Collection<String> conns) {
    List<String> former = List.copyOf(conns);
    ask(
        () -> {
          Feed feed = closed ? null : feeds.get(partition);
          if (feed != null) {
            feed.writers(feed.writers().without(node, former));
          }
        });
  }

  @Override
  public CompletableFuture<Joining> join(LiveLane lane) {
    var answer = new CompletableFuture<Joining>();
    ask(() -> answer.complete(joinNow(lane)));
    return answer;
  }

  private void ask(Runnable question) {
    questions.add(question);
    if (closed) {
      answerQuestions();
    } else {
      consumer.wakeup();
    }
  }

  private void turn() {
    lastTurnNanos = System.nanoTime();
    try {
      answerQuestions();
      resumeWhatMay();
      ConsumerRecords<ByteBuffer, ByteBuffer> records = consumer.poll(full ? POLL_WHEN_FULL : POLL);
      distribute(records);
      commitWhenDue();
    } catch (WakeupException e) {
      // Somebody asks something, or we are to close: the next turn sees to it.
      LOG.trace("woken");
    }
  }

  private void answerQuestions() {
    for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
      question.run();
    }
  }

  private Map<Integer, List<String>> commitPresent(
      Collection<Integer> partitions, String node, String conn) {
    // Once closed, this may run on any thread: nothing of ours is to be touched.
    if (closed || !feeds.keySet().containsAll(partitions)) {
      throw new RebalanceInProgressException(
          "partitions " + partitions + " are not all ours any more");
    }
    Map<Integer, Feed> proved = new TreeMap<>(feeds);
    proved.keySet().retainAll(partitions);
    learnCommitted(proved);
    Map<Integer, List<String>> others = new HashMap<>();
    proved.forEach(
        (partition, feed) -> {
          others.put(partition, feed.writers().without(node, List.of(conn)).of(node));
          feed.writers(feed.writers().with(node, conn));
        });
    commitSync(commitsOf(proved), BROKER_TIMEOUT);
    return others;
  }

  /**
   * Asks the group for what it has committed, where that is not known yet. Not when partitions are
   * assigned: an exception there would end the consumer, and a broker may well be slow just then.
   */
  private void learnCommitted(Map<Integer, Feed> asked) {
    Map<TopicPartition, Feed> unknown = new HashMap<>();
    asked.forEach(
        (partition, feed) -> {
          if (!feed.isLearnt()) {
            unknown.put(tp(partition), feed);
          }
        });
    if (!unknown.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          undisturbed(() -> consumer.committed(unknown.keySet(), BROKER_TIMEOUT));
      unknown.forEach(
          (partition, feed) -> {
            OffsetAndMetadata known = committed.get(partition);
            if (known == null) {
              feed.learn(0, Writers.NONE);
            } else {
              feed.learn(known.offset(), Writers.decode(known.metadata()));
            }
          });
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> commitsOf(Map<Integer, Feed> asked) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    asked.forEach(
        (partition, feed) -> feed.commit().ifPresent(next -> offsets.put(tp(partition), next)));
    return offsets;
  }

  private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    undisturbed(
        () -> {
          consumer.commitSync(offsets, timeout);
          return offsets;
        });
  }

  /** A wake-up is meant for a poll; what must be known to have succeeded or failed goes on. */
  private static <T> T undisturbed(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (WakeupException e) {
        LOG.trace("woken outside a poll");
      }
    }
  }

  private Joining joinNow(LiveLane lane) {
    if (closed || !lane.isOpen()) {
      return Joining.GONE;
    }
    Feed feed = feeds.get(lane.partition());
    if (feed == null) {
      return Joining.GONE;
    }
    long next = lane.sentNextOffset();
    if (feed.lanes().isEmpty()) {
      feed.waitFor(null);
      consumer.seek(tp(lane.partition()), next);
      feed.moveTo(next);
    } else if (feed.position() > next) {
      if (feed.position() - next > MAX_STEP_BACK) {
        return Joining.TOO_FAR_BEHIND;
      }
      // The other lanes skip what they have been sent. A wait must not: it would seek forward to
      // what is waited for, and the new lane would miss what lies before.
      consumer.seek(tp(lane.partition()), next);
      feed.moveTo(next);
      feed.retry();
    }
    feed.add(lane);
    return Joining.JOINED;
  }

  /** Pauses and resumes by what each partition's nodes can take. */
  private void resumeWhatMay() {
    pools.keySet().removeIf(connection -> !connection.isOpen());
    full = pools.values().stream().anyMatch(pool -> pool.inFlightEntries() > MAX_IN_FLIGHT_ENTRIES);
    Map<Integer, String> nowWaiting = new TreeMap<>();
    List<TopicPartition> flowing = new ArrayList<>();
    List<TopicPartition> held = new ArrayList<>();
    feeds.forEach(
        (partition, feed) -> {
          retryIfDue(partition, feed);
          Feed.Wait wait = feed.waiting();
          if (wait != null) {
            nowWaiting.put(partition, "offset " + wait.offset() + ": " + wait.reason());
          }
          (feed.isFlowing() && !full ? flowing : held).add(tp(partition));
        });
    consumer.pause(held);
    consumer.resume(flowing);
    waiting = nowWaiting;
  }

  private void retryIfDue(int partition, Feed feed) {
    Feed.Wait wait = feed.waiting();
    if (wait != null && feed.isDueForRetry(System.nanoTime())) {
      feed.retry();
      consumer.seek(tp(partition), wait.offset());
      feed.moveTo(wait.offset());
    }
  }

  /** Sends each node its share of the poll. */
  private void distribute(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
    Map<NodeConnection, Outgoing> outgoing = new LinkedHashMap<>();
    List<Step> steps = new ArrayList<>();
    for (var next : records.nextOffsets().entrySet()) {
      int partition = next.getKey().partition();
      Feed feed = feeds.get(partition);
      if (feed != null && !feed.lanes().isEmpty()) {
        steps.add(
            read(
                partition,
                feed,
                records.records(next.getKey()),
                next.getValue().offset(),
                outgoing));
      }
    }
    try {
      // Before anything is marked as done: what could not be applied is safely put aside.
      deadLetters.flush();
    } catch (KafkaException e) {
      steps.forEach(step -> takeBack(step, String.valueOf(e.getMessage())));
      return;
    }
    steps.forEach(step -> advance(step, outgoing));
    outgoing.values().forEach(Outgoing::send);
  }

  /** How far one poll takes one partition. */
  private record Step(int partition, Feed feed, long nextOffset, long lastTimestampMillis) {}

  private Step read(
      int partition,
      Feed feed,
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
      long nextOffset,
      Map<NodeConnection, Outgoing> outgoing) {
    long lastTimestampMillis = 0;
    for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
      EntryReader.Reading reading = reader.read(record);
      if (reading == EntryReader.Reading.WAIT) {
        holdAt(partition, feed, record.offset(), reader.reason());
        return new Step(partition, feed, record.offset(), lastTimestampMillis);
      }
      lastTimestampMillis = record.timestamp();
      if (reading == EntryReader.Reading.UNREADABLE) {
        deadLetters.send(record, reader.reason());
        continue;
      }
      LiveLane lane = feed.laneOf(reader.node());
      if (lane != null && record.offset() >= lane.sentNextOffset()) {
        add(outgoingTo(lane, outgoing), record.timestamp());
      }
    }
    return new Step(partition, feed, nextOffset, lastTimestampMillis);
  }

  private void advance(Step step, Map<NodeConnection, Outgoing> outgoing) {
    step.feed.advanceTo(step.nextOffset);
    for (LiveLane lane : step.feed.lanes()) {
      if (step.nextOffset > lane.sentNextOffset()) {
        outgoingTo(lane, outgoing).reaches(lane, step.nextOffset, step.lastTimestampMillis);
      }
    }
  }

  /** Nothing of the step was sent, so the partition is read again from where it stood. */
  private void takeBack(Step step, String reason) {
    holdAt(step.partition, step.feed, step.feed.position(), reason);
  }

  private void holdAt(int partition, Feed feed, long offset, String reason) {
    Feed.Wait before = feed.waiting();
    if (before == null || before.offset() != offset || !before.reason().equals(reason)) {
      LOG.warn("partition={} offset={} waits: {}", partition, offset, reason);
    }
    feed.waitFor(new Feed.Wait(offset, reason, System.nanoTime() + RETRY_AFTER_NANOS));
  }

  private void add(Outgoing outgoing, long timestampMillis) {
    if (reader.isTombstone()) {
      outgoing.batch().delete(reader.key(), reader.keyAt(), reader.keyLength());
    } else {
      outgoing
          .batch()
          .set(
              reader.key(),
              reader.keyAt(),
              reader.keyLength(),
              reader.value(),
              0,
              reader.valueLength());
    }
    outgoing.carries(timestampMillis);
  }

  private Outgoing outgoingTo(LiveLane lane, Map<NodeConnection, Outgoing> outgoing) {
    return outgoing.computeIfAbsent(
        lane.connection(),
        connection ->
            pools
                .computeIfAbsent(
                    connection, c -> new Outgoing.Pool(c, keyPrefix, clientFlags, delays))
                .take());
  }

  private void commitWhenDue() {
    long now = System.nanoTime();
    if (now - lastCommitNanos < COMMIT_EVERY_NANOS) {
      return;
    }
    lastCommitNanos = now;
    Map<Integer, Feed> due = new TreeMap<>(feeds);
    due.values().removeIf(feed -> !feed.isDueForCommit());
    if (!due.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> offsets = commitsOf(due);
      offsets.forEach(
          (partition, next) -> feedOf(partition).ifPresent(feed -> feed.committed(next.offset())));
      consumer.commitAsync(offsets, this::committed);
    }
  }

  private void committed(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
    if (failure != null) {
      LOG.debug("commit of {} failed; the next one says more", offsets, failure);
      offsets.keySet().forEach(partition -> feedOf(partition).ifPresent(Feed::commitFailed));
    }
  }

  private Optional<Feed> feedOf(TopicPartition partition) {
    return Optional.ofNullable(feeds.get(partition.partition()));
  }

  private TopicPartition tp(int partition) {
    return new TopicPartition(topic, partition);
  }

  private final class Rebalances implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      joined = true;
      if (partitions.isEmpty()) {
        return;
      }
      partitions.forEach(partition -> feeds.put(partition.partition(), new Feed()));
      consumer.pause(partitions);
      assigned = Set.copyOf(feeds.keySet());
      LOG.info("partitions={} assigned={}", assigned, numbers(partitions));
      keepers.forEach(keeper -> keeper.assigned(numbers(partitions)));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (partitions.isEmpty()) {
        return;
      }
      List<Integer> revoked = numbers(partitions);
      Map<Integer, Feed> gone = takeAway(revoked);
      LOG.info("partitions={} revoked={}", assigned, revoked);
      awaitReleased(revoked);
      Map<TopicPartition, OffsetAndMetadata> offsets = commitsOf(gone);
      try {
        commitSync(offsets, LAST_COMMIT_TIMEOUT);
      } catch (KafkaException e) {
        LOG.debug("last commit of {} failed", offsets, e);
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      List<Integer> lost = numbers(partitions);
      takeAway(lost);
      LOG.warn("partitions={} lost={}: the group has gone on without us", assigned, lost);
      keepers.forEach(keeper -> keeper.lost(lost));
    }

    private Map<Integer, Feed> takeAway(List<Integer> partitions) {
      Map<Integer, Feed> gone = new HashMap<>();
      for (int partition : partitions) {
        Feed feed = feeds.remove(partition);
        if (feed != null) {
          gone.put(partition, feed);
        }
      }
      assigned = Set.copyOf(feeds.keySet());
      // A keeper that waits for a proof must not wait for us while we wait for it.
      answerQuestions();
      return gone;
    }

    /** Waits for the keepers, and answers what they ask meanwhile: they may wait for us. */
    private void awaitReleased(List<Integer> revoked) {
      Map<AssignmentListener, CompletableFuture<Void>> releases = new LinkedHashMap<>();
      keepers.forEach(keeper -> releases.put(keeper, keeper.released(revoked)));
      CompletableFuture<Void> all =
          CompletableFuture.allOf(releases.values().toArray(CompletableFuture<?>[]::new));
      long deadline = System.nanoTime() + RELEASE_TIMEOUT.toNanos();
      while (!all.isDone() && System.nanoTime() < deadline) {
        answerQuestions();
        try {
          all.get(5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          LOG.trace("checkpoints are being released");
        } catch (ExecutionException e) {
          LOG.debug("a node's checkpoints were not released", e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      // Whoever is still busy would go on sending into another's partition.
      releases.forEach(
          (keeper, released) -> {
            if (!released.isDone()) {
              LOG.warn("partitions={} not released in time: {} is cut off", revoked, keeper);
              keeper.lost(revoked);
            }
          });
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
      return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }
  }
}
