package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls as a member of the group and sends each poll, through {@link LiveSender}, to the nodes that
 * are live for its partitions. Pauses a partition without a live lane, and one whose nodes cannot
 * take more.
 *
 * <p>Commits what every live node has acknowledged, for lag tools. A node goes on from its own
 * checkpoint, not from the commit.
 *
 * <p>Joins the group only after a row of the topic could be read ({@link ReadableRowCheck}).
 *
 * <p>Only the thread of {@link #run} uses the group's consumer, except for its {@code wakeup}.
 * Other threads ask it through {@link KeeperRequests}.
 */
public final class PollLoop implements KeeperRequests, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration POLL_WHEN_FULL = Duration.ofMillis(2);
  private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);

  /** How far the live records step back for a lane that joins; if further, it is filled again. */
  private static final long MAX_STEP_BACK = 10_000;

  private final String topic;
  private final Timing timing;
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Supplier<Map<Integer, WaitNote>> unread;
  private final AssignedPartitions feeds;
  private final DeadLetters deadLetters;
  private final LiveSender liveSender;
  private final GroupCommits commits;
  private final Rebalances rebalances;
  private final ConcurrentLinkedQueue<Runnable> questions = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private boolean full;
  private volatile boolean closed;
  private volatile long lastTurnNanos;
  private volatile Map<Integer, WaitNote> waiting = Map.of();

  /**
   * @param consumer subscribed and closed by {@link #run}
   * @param unread tries to read a row: by partition, the record that it cannot read; empty once the
   *     loop may begin
   */
  public PollLoop(
      String topic,
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Supplier<Map<Integer, WaitNote>> unread,
      EntryReader reader,
      DeadLetters deadLetters,
      WrittenWith writtenWith,
      DelayListener delays,
      Timing timing) {
    this.topic = topic;
    this.timing = timing;
    this.lastTurnNanos = timing.nanoTime();
    this.consumer = consumer;
    this.unread = unread;
    this.feeds = new AssignedPartitions(topic);
    this.deadLetters = deadLetters;
    this.liveSender = new LiveSender(feeds, reader, deadLetters, writtenWith, delays, timing);
    this.commits = new GroupCommits(consumer, feeds, timing);
    this.rebalances = new Rebalances(consumer, feeds, commits, this::answerQuestions, timing);
  }

  /** Adds a node's keeper; before {@link #run}. */
  public void addKeeper(AssignmentListener keeper) {
    rebalances.addKeeper(keeper);
  }

  /** Polls until {@link #close}; then releases its partitions and leaves the group. */
  @Override
  public void run() {
    try (consumer) {
      awaitARow();
      consumer.subscribe(List.of(topic), rebalances);
      while (!closed) {
        turn();
      }
    } finally {
      closed = true;
      answerQuestions();
    }
  }

  private void awaitARow() {
    try {
      Map<Integer, WaitNote> before = Map.of();
      for (var now = unread.get(); !now.isEmpty() && !closed; now = unread.get()) {
        if (!now.equals(before)) {
          before = now;
          int first = Collections.min(now.keySet());
          LOG.warn(
              "topic={} no row of it can be read yet, so that no group is joined and no node is"
                  + " touched: {}",
              topic,
              Objects.requireNonNull(now.get(first)).of(first));
        }
        waiting = now;
        lastTurnNanos = timing.nanoTime();
        awaitClosing(TRY_AGAIN_AFTER);
      }
      if (!before.isEmpty()) {
        LOG.info("topic={} can be read", topic);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void awaitClosing(Duration atMost) throws InterruptedException {
    try {
      timing.get(closing, atMost);
    } catch (ExecutionException | TimeoutException e) {
      LOG.trace("not closed yet");
    }
  }

  /** Ends {@link #run} after its present turn. Thread-safe. */
  public void close() {
    closed = true;
    closing.complete(null);
    consumer.wakeup();
  }

  /** When the loop last began a turn, by {@link Timing#nanoTime}. */
  public long lastTurnNanos() {
    return lastTurnNanos;
  }

  @Override
  public Map<Integer, WaitNote> waiting() {
    return waiting;
  }

  /** Whether the group has assigned our partitions, perhaps none. */
  public boolean hasJoined() {
    return rebalances.hasJoined();
  }

  public Set<Integer> assigned() {
    return feeds.assigned();
  }

  @Override
  public CompletableFuture<Map<Integer, List<String>>> prove(
      Collection<Integer> partitions, String node, String conn) {
    List<Integer> asked = List.copyOf(partitions);
    return ask(
        () -> {
          // Once closed, this may run on any thread and must not use our state.
          if (closed) {
            throw new RebalanceInProgressException("partitions " + asked + " are given back");
          }
          return commits.prove(asked, node, conn);
        });
  }

  @Override
  public CompletableFuture<Boolean> hasWrittenTo(String node) {
    return ask(() -> !closed && commits.hasWrittenTo(node));
  }

  @Override
  public void gone(int partition, String node, Collection<String> conns) {
    List<String> former = List.copyOf(conns);
    enqueue(
        () -> {
          AssignedPartition feed = closed ? null : feeds.get(partition);
          if (feed != null) {
            feed.writers(feed.writers().without(node, former));
          }
        });
  }

  @Override
  public CompletableFuture<Joining> join(LiveLane lane) {
    return ask(() -> joinNow(lane));
  }

  private <T> CompletableFuture<T> ask(Supplier<T> question) {
    var answer = new CompletableFuture<T>();
    enqueue(
        () -> {
          try {
            answer.complete(question.get());
          } catch (KafkaException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private void enqueue(Runnable question) {
    questions.add(question);
    if (closed) {
      answerQuestions();
    } else {
      consumer.wakeup();
    }
  }

  private void turn() {
    lastTurnNanos = timing.nanoTime();
    try {
      answerQuestions();
      resumeWhatMay();
      ConsumerRecords<ByteBuffer, ByteBuffer> records = consumer.poll(full ? POLL_WHEN_FULL : POLL);
      liveSender.distribute(records);
      commits.commitWhenDue();
    } catch (WakeupException e) {
      // A keeper asks or close was called: the next turn answers.
      LOG.trace("woken");
    }
  }

  private void answerQuestions() {
    for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
      question.run();
    }
  }

  private Joining joinNow(LiveLane lane) {
    if (closed || !lane.isOpen()) {
      return Joining.GONE;
    }
    AssignedPartition feed = feeds.get(lane.partition());
    if (feed == null) {
      return Joining.GONE;
    }
    OffsetAndMetadata from = lane.applied().position();
    long next = from.offset();
    if (feed.lanes().isEmpty()) {
      feed.waitFor(null);
      consumer.seek(feeds.partition(lane.partition()), from);
      feed.moveTo(next);
    } else if (feed.position() > next) {
      if (feed.position() - next > MAX_STEP_BACK) {
        return Joining.TOO_FAR_BEHIND;
      }
      // The other lanes skip records that they were sent. A wait must not seek forward to its
      // record:
      // the new lane would miss the records before.
      consumer.seek(feeds.partition(lane.partition()), from);
      feed.moveTo(next);
      feed.retry();
    }
    feed.add(lane);
    return Joining.JOINED;
  }

  /** Pauses and resumes partitions by what their nodes can take. */
  private void resumeWhatMay() {
    full = liveSender.isFull();
    Map<Integer, WaitNote> nowWaiting = new TreeMap<>();
    List<TopicPartition> flowing = new ArrayList<>();
    List<TopicPartition> held = new ArrayList<>();
    feeds
        .all()
        .forEach(
            (partition, feed) -> {
              retryIfDue(partition, feed);
              AssignedPartition.Wait wait = feed.waiting();
              if (wait != null) {
                nowWaiting.put(partition, wait.record().note());
              } else {
                unwritten(partition).ifPresent(at -> nowWaiting.put(partition, at));
              }
              boolean flows = feed.isFlowing() && !full && deadLetters.hasRoom(partition);
              (flows ? flowing : held).add(feeds.partition(partition));
            });
    consumer.pause(held);
    consumer.resume(flowing);
    waiting = nowWaiting;
  }

  /** Finds the letter that cannot be written and so holds a partition's checkpoints. */
  private Optional<WaitNote> unwritten(int partition) {
    Optional<WaitNote> first =
        deadLetters
            .firstUnwritten(partition, 0)
            .filter(letter -> !letter.trouble().isEmpty())
            .map(letter -> new WaitNote(letter.offset(), letter.trouble()));
    first
        .filter(at -> !at.equals(waiting.get(partition)))
        .ifPresent(
            at ->
                LOG.warn("partition={} offset={} waits: {}", partition, at.offset(), at.reason()));
    return first;
  }

  private void retryIfDue(int partition, AssignedPartition feed) {
    AssignedPartition.Wait wait = feed.waiting();
    if (wait != null
        && feed.isDueForRetry(timing.nanoTime())
        && !liveSender.waitsOn(partition, feed, wait)) {
      feed.retry();
      consumer.seek(feeds.partition(partition), wait.offset());
      feed.moveTo(wait.offset());
    }
  }
}
