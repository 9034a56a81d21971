package io.zonecast.sink.verify;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.OpenTransactions;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.deadletter.DeadLetterIndex;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.Watermarks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a pool with its topic at the high watermark taken at the start, while sinks go on.
 *
 * <p>What differs is looked at a second time, half a second later. It is no difference if its key
 * has had a record since the watermark, nor if its last record is one that the node has not got yet
 * by its checkpoint.
 */
public final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  private static final Duration GRACE = Duration.ofMillis(500);

  private final VerifyTarget target;
  private final Admin admin;
  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final Supplier<RowDecoder> decoders;
  private final VerifyProgress progress;
  private final Patience patience;
  private final Placement placement;
  private List<NodeComparison> comparisons = List.of();

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
    this.patience = patience(progress::waits, System::nanoTime);
    this.progress = progress;
    this.placement = target.layout().placed();
  }

  /**
   * Compares once.
   *
   * @throws SettingsDifferException if a node was written with other settings than ours
   * @throws org.apache.kafka.common.errors.TimeoutException if nothing comes from the brokers
   */
  public VerifyReport verify() throws InterruptedException {
    long startNanos = System.nanoTime();
    Map<Integer, Long> ends = ends(EndOffsets::high);
    comparisons =
        target.compared().stream()
            .map(node -> new NodeComparison(target, node, placement))
            .toList();
    requireSameSettings();
    try (var table =
            new TopicTable(
                target.topic().name(),
                target.topic().partitions(),
                consumers,
                patience,
                () -> target.layout().reader(target.topic().partitions(), decoders.get()),
                ends,
                target.maxTableBytes());
        var workers = new Workers()) {
      table.stopAt(
          new TransactionWait(
                  () -> ends(EndOffsets::stable),
                  this::holders,
                  progress::waits,
                  System::nanoTime,
                  TimeUnit.MILLISECONDS::sleep)
              .await(ends));
      while (table.hasMore()) {
        comparePass(table, workers);
      }
      Set<String> unreadable = table.unreadable();
      comparisons.forEach(comparison -> comparison.countUnreadable(unreadable));
      return new VerifyReport(
          comparisons.stream().map(NodeComparison::verification).toList(),
          table.unplaced(),
          table.misplaced(),
          table.waiting(),
          Duration.ofNanos(System.nanoTime() - startNanos));
    }
  }

  private void comparePass(TopicTable table, Workers workers) throws InterruptedException {
    long startNanos = System.nanoTime();
    table.readPass(workers, fraction -> progress.progressed(fraction / 2));
    long rows = table.size();
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
    Set<String> changed = table.changedBefore(ends(EndOffsets::stable));
    DeadLetterIndex letters = readDeadLetters();
    comparisons.forEach(comparison -> comparison.confirm(table, changed, letters));
  }

  /**
   * Repairs what the last {@link #verify} found, waits until sinks have filled what is missing, two
   * minutes at most, and compares again. No value is written here.
   *
   * @return what differs still; a missing entry may mean that no sink runs
   * @throws RepairRefusedException if a node was written from another topic of this name
   * @throws IOException if a node that differs does not do as it is told
   */
  public VerifyReport repair() throws IOException, InterruptedException {
    new Repair(target)
        .mend(
            comparisons.stream()
                .filter(comparison -> !comparison.verification().isEqual())
                .toList());
    return verify();
  }

  /** A cache written otherwise is no better or worse for it: it is another cache. */
  private void requireSameSettings() {
    for (NodeComparison comparison : comparisons) {
      for (Checkpoint checkpoint : comparison.checkpoints()) {
        List<String> differences = checkpoint.differencesFrom(target.writtenWith());
        if (!differences.isEmpty()) {
          throw new SettingsDifferException(comparison.node().toString(), differences);
        }
      }
    }
  }

  /** Says once that nothing comes. */
  static Patience patience(java.util.function.Consumer<String> say, LongSupplier nanoTime) {
    return Patience.ofAMinute(
        nanoTime,
        (behind, again) -> {
          if (!again) {
            say.accept(behind.keySet() + ": the brokers send nothing, the cause is unknown");
          }
          return false;
        });
  }

  private Map<Integer, Long> ends(Function<EndOffsets, Long> which) {
    return Watermarks.of(admin, target.topic(), which);
  }

  private String holders(List<Integer> partitions) {
    var asked = partitions.stream().map(p -> new TopicPartition(target.topic().name(), p)).toList();
    return OpenTransactions.holders(admin, asked).values().stream()
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private DeadLetterIndex readDeadLetters() {
    String letters = ZoneTopic.deadLettersOf(target.topic().name());
    var index = new DeadLetterIndex(target.topic());
    try (var consumer = consumers.get()) {
      var partitions = TopicEnds.partitions(letters, consumer.partitionsFor(letters).size());
      RangeReading.ofAll(consumer, partitions).toEnd(patience, index::add);
    }
    return index;
  }

  static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
