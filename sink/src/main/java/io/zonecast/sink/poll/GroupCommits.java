package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.KnownWriters;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits to the group how far every live node has acknowledged, for lag tools, and the writers of
 * each node, for the partition's next owner. A commit that succeeds also proves that the partition
 * is still ours. For the polling thread.
 */
final class GroupCommits {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommits.class);

  private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(5);

  /** The commit at a revocation serves only lag tools: a shutdown must not wait long for it. */
  private static final Duration LAST_COMMIT_TIMEOUT = Duration.ofSeconds(2);

  private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(500).toNanos();

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final AssignedPartitions feeds;
  private final Timing timing;
  private long lastCommitNanos;

  GroupCommits(Consumer<ByteBuffer, ByteBuffer> consumer, AssignedPartitions feeds, Timing timing) {
    this.consumer = consumer;
    this.feeds = feeds;
    this.timing = timing;
    this.lastCommitNanos = timing.nanoTime();
  }

  /**
   * Commits the present offsets with {@code conn} added to the node's writers.
   *
   * @return the node's other writers, by partition
   * @throws KafkaException if the group refuses: the partitions may be another member's
   */
  Map<Integer, List<String>> prove(Collection<Integer> partitions, String node, String conn) {
    if (!feeds.all().keySet().containsAll(partitions)) {
      throw new RebalanceInProgressException(
          "partitions " + partitions + " are not all ours any more");
    }
    Map<Integer, AssignedPartition> proved = new TreeMap<>(feeds.all());
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

  /** Whether a commit of one of our partitions names a writer of the node. */
  boolean hasWrittenTo(String node) {
    learnCommitted(feeds.all());
    return feeds.all().values().stream().anyMatch(feed -> !feed.writers().of(node).isEmpty());
  }

  /** Commits every half second, without waiting for the answer. */
  void commitWhenDue() {
    long now = timing.nanoTime();
    if (now - lastCommitNanos < COMMIT_EVERY_NANOS) {
      return;
    }
    lastCommitNanos = now;
    Map<Integer, AssignedPartition> due = new TreeMap<>(feeds.all());
    due.values().removeIf(feed -> !feed.isDueForCommit());
    if (!due.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> offsets = commitsOf(due);
      offsets.forEach(
          (partition, next) -> feedOf(partition).ifPresent(feed -> feed.committed(next.offset())));
      consumer.commitAsync(offsets, this::committed);
    }
  }

  /** Commits the present offsets of partitions that are being revoked; a failure is only logged. */
  void commitLast(Map<Integer, AssignedPartition> gone) {
    Map<TopicPartition, OffsetAndMetadata> offsets = commitsOf(gone);
    try {
      commitSync(offsets, LAST_COMMIT_TIMEOUT);
    } catch (KafkaException e) {
      LOG.debug("last commit of {} failed", offsets, e);
    }
  }

  /**
   * Asks the group what it has committed, if that is unknown. Not when partitions are assigned: an
   * exception there would end the consumer, and brokers are often slow then.
   */
  private void learnCommitted(Map<Integer, AssignedPartition> asked) {
    Map<TopicPartition, AssignedPartition> unknown = new HashMap<>();
    asked.forEach(
        (partition, feed) -> {
          if (!feed.isLearnt()) {
            unknown.put(feeds.partition(partition), feed);
          }
        });
    if (!unknown.isEmpty()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          undisturbed(() -> consumer.committed(unknown.keySet(), BROKER_TIMEOUT));
      unknown.forEach(
          (partition, feed) -> {
            OffsetAndMetadata known = committed.get(partition);
            if (known == null) {
              feed.learn(0, KnownWriters.NONE);
            } else {
              feed.learn(known.offset(), KnownWriters.decode(known.metadata()));
            }
          });
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> commitsOf(Map<Integer, AssignedPartition> asked) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    asked.forEach(
        (partition, feed) ->
            feed.commit().ifPresent(next -> offsets.put(feeds.partition(partition), next)));
    return offsets;
  }

  private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    undisturbed(
        () -> {
          consumer.commitSync(offsets, timeout);
          return offsets;
        });
  }

  /** Repeats a call that a wake-up interrupted: wake-ups are meant for polls. */
  private static <T> T undisturbed(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (WakeupException e) {
        LOG.trace("woken outside a poll");
      }
    }
  }

  private void committed(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
    if (failure != null) {
      LOG.debug("commit of {} failed; the next one says more", offsets, failure);
      offsets
          .keySet()
          .forEach(partition -> feedOf(partition).ifPresent(AssignedPartition::commitFailed));
    }
  }

  private Optional<AssignedPartition> feedOf(TopicPartition partition) {
    return Optional.ofNullable(feeds.get(partition.partition()));
  }
}
