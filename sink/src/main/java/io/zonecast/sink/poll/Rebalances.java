package io.zonecast.sink.poll;

import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the nodes' keepers when the group assigns or revokes partitions, and waits until they have
 * released a partition before another member gets it. The consumer calls it, on the polling thread.
 */
final class Rebalances implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Rebalances.class);

  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final AssignedPartitions feeds;
  private final GroupCommits commits;
  private final Runnable answerQuestions;
  private final Timing timing;
  private final List<AssignmentListener> keepers = new ArrayList<>();
  private volatile boolean joined;

  /**
   * @param answerQuestions answers keepers that wait for the polling thread while it waits for them
   */
  Rebalances(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      AssignedPartitions feeds,
      GroupCommits commits,
      Runnable answerQuestions,
      Timing timing) {
    this.consumer = consumer;
    this.feeds = feeds;
    this.commits = commits;
    this.answerQuestions = answerQuestions;
    this.timing = timing;
  }

  void addKeeper(AssignmentListener keeper) {
    keepers.add(keeper);
  }

  /** Whether the group has assigned our partitions, perhaps none. Thread-safe. */
  boolean hasJoined() {
    return joined;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    List<Integer> added = AssignedPartitions.numbers(partitions);
    feeds.add(added);
    // Last: a thread that sees that we have joined sees our partitions.
    joined = true;
    if (partitions.isEmpty()) {
      return;
    }
    consumer.pause(partitions);
    LOG.info("partitions={} assigned={}", feeds.assigned(), added);
    keepers.forEach(keeper -> keeper.assigned(added));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    List<Integer> revoked = AssignedPartitions.numbers(partitions);
    Map<Integer, AssignedPartition> gone = takeAway(revoked);
    LOG.info("partitions={} revoked={}", feeds.assigned(), revoked);
    awaitReleased(revoked);
    commits.commitLast(gone);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    List<Integer> lost = AssignedPartitions.numbers(partitions);
    takeAway(lost);
    LOG.warn("partitions={} lost={}: the group has gone on without us", feeds.assigned(), lost);
    keepers.forEach(keeper -> keeper.lost(lost));
  }

  private Map<Integer, AssignedPartition> takeAway(List<Integer> partitions) {
    Map<Integer, AssignedPartition> gone = feeds.remove(partitions);
    answerQuestions.run();
    return gone;
  }

  /** Waits for the keepers and answers their questions meanwhile. */
  private void awaitReleased(List<Integer> revoked) {
    Map<AssignmentListener, CompletableFuture<Void>> releases = new LinkedHashMap<>();
    keepers.forEach(keeper -> releases.put(keeper, keeper.released(revoked)));
    CompletableFuture<Void> all =
        CompletableFuture.allOf(releases.values().toArray(CompletableFuture<?>[]::new));
    long deadline = timing.nanoTime() + RELEASE_TIMEOUT.toNanos();
    while (!all.isDone() && timing.nanoTime() < deadline) {
      answerQuestions.run();
      try {
        timing.get(all, LOOK_EVERY);
      } catch (TimeoutException e) {
        LOG.trace("checkpoints are being released");
      } catch (ExecutionException e) {
        LOG.debug("a node's checkpoints were not released", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    // A keeper that is still busy would go on writing a partition of another member.
    releases.forEach(
        (keeper, released) -> {
          if (!released.isDone()) {
            LOG.warn("partitions={} not released in time: {} is cut off", revoked, keeper);
            keeper.lost(revoked);
          }
        });
  }
}
