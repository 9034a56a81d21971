package io.zonecast.sink.verify;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.deadletter.DeadLetterIndex;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import io.zonecast.sink.fill.Watermarks;
import io.zonecast.sink.lag.OpenTransactions;
import io.zonecast.sink.node.SettingsDifferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a pool with its topic at the high watermark taken at the start, while sinks go on.
 *
 * <p>What differs is looked at a second time, half a second later, and is dropped where its key has
 * had a record since the watermark: neither a sink that is a moment behind nor a change under way
 * is a difference.
 */
public final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration SAY_WHO_HOLDS_AFTER = Duration.ofSeconds(10);
  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(15);
  private static final Duration REFILL_LIMIT = Duration.ofMinutes(2);
  private static final Duration REFILL_CHECK = Duration.ofMillis(200);

  private final VerifyTarget target;
  private final Admin admin;
  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final Supplier<RowDecoder> decoders;
  private final VerifyProgress progress;
  private final Placement placement;
  private final Watermarks watermarks;
  private List<NodeComparison> comparisons = List.of();
  private boolean saidWhoHolds;

  /**
   * Looks at nothing yet.
   *
   * @param consumers opens a read_committed consumer in no group
   * @param decoders makes the decoder of one thread
   */
  public Verifier(
      VerifyTarget target,
      Admin admin,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Supplier<RowDecoder> decoders,
      VerifyProgress progress) {
    this.target = target;
    this.admin = admin;
    this.consumers = consumers;
    this.decoders = decoders;
    this.progress = progress;
    this.placement = PlacementScheme.parse(target.writtenWith().placement()).place(target.pool());
    this.watermarks = new Watermarks(admin, target.topic().name(), Clock.systemUTC());
  }

  /**
   * Compares once.
   *
   * @throws SettingsDifferException if a node was written with other settings than ours
   * @throws HeldBackException if an open transaction kept the topic from being read
   */
  public VerifyReport verify() throws InterruptedException {
    long startNanos = System.nanoTime();
    Map<Integer, Long> ends =
        watermarks.ends(partitions()).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().high()));
    requireSameSettings();
    comparisons =
        target.compared().stream()
            .map(
                node ->
                    new NodeComparison(
                        node,
                        target.pool().indexOf(node),
                        target.connections(),
                        target.writtenWith().keyPrefix(),
                        target.writtenWith().clientFlags(),
                        placement))
            .toList();
    try (var table =
            new TopicTable(
                target.topic().name(),
                target.topic().partitions(),
                consumers,
                this::reader,
                ends,
                target.maxTableBytes(),
                this::standsStill);
        var workers = new Workers()) {
      while (table.hasMore()) {
        comparePass(table, workers);
      }
      Set<String> unreadable = table.unreadable();
      comparisons.forEach(comparison -> comparison.countUnreadable(unreadable));
      return new VerifyReport(
          comparisons.stream().map(NodeComparison::verification).toList(),
          table.unplaced(),
          table.waiting(),
          Duration.ofNanos(System.nanoTime() - startNanos));
    }
  }

  private void comparePass(TopicTable table, Workers workers) throws InterruptedException {
    long startNanos = System.nanoTime();
    table.readPass(workers, fraction -> progress.progressed(fraction / 2));
    long rows = IntStream.range(0, table.partitions()).mapToLong(p -> table.fold(p).size()).sum();
    LOG.debug("topic={} read keys={} ms={}", target.topic().name(), rows, millisSince(startNanos));
    var compared = new AtomicLong();
    workers.each(
        comparisons,
        comparison ->
            comparison.compare(
                table,
                count ->
                    progress.progressed(
                        0.5 + (double) compared.addAndGet(count) / Math.max(1, rows) / 2)));
    if (comparisons.stream().noneMatch(NodeComparison::hasSuspects)) {
      return;
    }
    TimeUnit.MILLISECONDS.sleep(GRACE.toMillis());
    workers.each(comparisons, comparison -> comparison.lookAgain(table));
    if (comparisons.stream().noneMatch(NodeComparison::hasSuspects)) {
      return;
    }
    // After the second look: whatever it saw of a later record lies before these ends.
    Set<String> changed = table.changedBefore(stableEnds());
    DeadLetterIndex letters = readDeadLetters();
    comparisons.forEach(comparison -> comparison.confirm(table, changed, letters));
  }

  /**
   * Mends what the last {@link #verify} found, waits until sinks have filled what has to be filled,
   * two minutes at most, and compares again. No value is written here.
   *
   * @return what differs still; a missing entry may mean that no sink runs
   * @throws RepairRefusedException if a node was written from another topic of this name
   * @throws IOException if a node that differs cannot be reached, or does not do as it is told
   */
  public VerifyReport repair() throws IOException, InterruptedException {
    List<NodeComparison> damaged =
        comparisons.stream().filter(comparison -> !comparison.verification().isEqual()).toList();
    for (NodeComparison comparison : damaged) {
      requireSameTopic(comparison.node());
    }
    for (NodeComparison comparison : damaged) {
      try (NodeConnection connection = connect(comparison.node())) {
        Repair repair = repair(connection);
        long deleted = repair.delete(comparison.extraEntries());
        repair.moveBack(comparison.damagedPartitions());
        LOG.info(
            "node={} deleted={} partitions={} are to be filled again",
            comparison.node(),
            deleted,
            comparison.damagedPartitions());
      }
    }
    long deadline = System.nanoTime() + REFILL_LIMIT.toNanos();
    for (NodeComparison comparison : damaged) {
      try (NodeConnection connection = connect(comparison.node())) {
        Repair repair = repair(connection);
        while (!repair.isRefilled(comparison.damagedPartitions())
            && System.nanoTime() - deadline < 0) {
          TimeUnit.MILLISECONDS.sleep(REFILL_CHECK.toMillis());
        }
      }
    }
    return verify();
  }

  private Repair repair(NodeConnection connection) {
    return new Repair(connection, target.group(), target.topic(), target.writtenWith());
  }

  private NodeConnection connect(NodeAddress node) throws IOException {
    return NodeConnection.open(node, target.connections());
  }

  /** A cache written otherwise is no better or worse for it: it is another cache. */
  private void requireSameSettings() {
    for (NodeAddress node : target.compared()) {
      for (Checkpoint checkpoint : checkpointsOn(node)) {
        List<String> differences = checkpoint.differencesFrom(target.writtenWith());
        if (!differences.isEmpty()) {
          throw new SettingsDifferException(node.toString(), differences);
        }
      }
    }
  }

  private void requireSameTopic(NodeAddress node) {
    for (Checkpoint checkpoint : checkpointsOn(node)) {
      if (!checkpoint.topicId().equals(target.topic().topicId())) {
        throw new RepairRefusedException(
            ("node %s was written from another topic named %s, whose rows this one may not have:"
                    + " nothing was repaired; if this topic is right, zonecast rebuild"
                    + " --accept-new-topic")
                .formatted(node, target.topic().name()));
      }
    }
  }

  private List<Checkpoint> checkpointsOn(NodeAddress node) {
    List<Checkpoint> checkpoints = new ArrayList<>();
    try (NodeConnection connection = connect(node)) {
      List<String> keys =
          partitions().stream()
              .map(p -> CheckpointKey.of(target.group(), target.topic().name(), p))
              .toList();
      for (CheckpointEntry entry : connection.readEntries(keys)) {
        if (entry instanceof CheckpointEntry.Present present) {
          Checkpoint.decode(present.value()).ifPresent(checkpoints::add);
        }
      }
    } catch (IOException e) {
      // The comparison meets it too, and reports it.
      return List.of();
    }
    return checkpoints;
  }

  /** For the threads that read the topic. */
  private synchronized void standsStill(Duration since, Collection<TopicPartition> stuck) {
    if (since.compareTo(SAY_WHO_HOLDS_AFTER) < 0) {
      return;
    }
    if (!saidWhoHolds || since.compareTo(GIVE_UP_AFTER) > 0) {
      String holders =
          OpenTransactions.holders(admin, List.copyOf(stuck)).values().stream()
              .distinct()
              .collect(Collectors.joining(", "));
      String who = holders.isEmpty() ? "nobody that the brokers name" : holders;
      if (since.compareTo(GIVE_UP_AFTER) > 0) {
        throw new HeldBackException(
            "topic %s: %s has stood still for %d s, held back by %s; end that transaction, then try again"
                .formatted(target.topic().name(), stuck, since.toSeconds(), who));
      }
      saidWhoHolds = true;
      progress.heldBack(who);
    }
  }

  private EntryReader reader() {
    return new EntryReader(
        target.topic().name(),
        target.topic().partitions(),
        target.writtenWith().keyPrefix(),
        ValueFormat.parse(target.writtenWith().valueFormat()),
        placement,
        decoders.get());
  }

  private Map<Integer, Long> stableEnds() {
    return watermarks.ends(partitions()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().stable()));
  }

  private DeadLetterIndex readDeadLetters() throws InterruptedException {
    try (var consumer = consumers.get()) {
      return DeadLetterIndex.read(consumer, target.topic().name(), deadLetterPartitions());
    }
  }

  private List<TopicPartition> deadLetterPartitions() throws InterruptedException {
    String letters = ZoneTopic.deadLettersOf(target.topic().name());
    try {
      return admin.describeTopics(List.of(letters)).allTopicNames().get().values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .map(partition -> new TopicPartition(letters, partition.partition()))
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return List.of();
      }
      if (e.getCause() instanceof TopicAuthorizationException) {
        // The brokers' own answer names no topic, and this is not the one that everybody thinks of.
        throw new TopicAuthorizationException(Set.of(letters));
      }
      Throwable cause = e.getCause();
      throw new KafkaException(
          "topic " + letters + ": " + (cause == null ? e.getMessage() : cause.getMessage()), e);
    }
  }

  private List<Integer> partitions() {
    return IntStream.range(0, target.topic().partitions()).boxed().toList();
  }

  static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
