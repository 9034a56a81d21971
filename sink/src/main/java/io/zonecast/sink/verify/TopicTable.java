package io.zonecast.sink.verify;

import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.replay.Fold;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * What the topic says that the cache holds, up to given ends: the latest of each key, folded by
 * partition. What does not fit in the memory allowed comes in several passes, each over the keys
 * whose hash falls into its part, and a key is in exactly one.
 *
 * <p>Its partitions are shared between as many threads as help. Reading is for one caller at a
 * time; what was read may then be looked at by any number of threads.
 */
final class TopicTable implements AutoCloseable {
  /** More consumers than this have the brokers to wait for, and each has its buffers. */
  private static final int MOST_SHARES = 4;

  private final List<TablePartition> table;
  private final Patience patience;
  private final List<Share> shares = new ArrayList<>();

  /** The partitions that one thread reads, with a consumer of its own. */
  private record Share(
      List<TopicPartition> partitions,
      Consumer<ByteBuffer, ByteBuffer> consumer,
      EntryReader entries) {}

  /**
   * Opens the consumers.
   *
   * @param ends where to stop reading each partition
   * @param maxBytes memory for all folds of a pass
   */
  TopicTable(
      String topic,
      int partitions,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Patience patience,
      Supplier<EntryReader> entries,
      Map<Integer, Long> ends,
      long maxBytes) {
    this.patience = patience;
    this.table =
        IntStream.range(0, partitions)
            .mapToObj(
                p ->
                    new TablePartition(
                        p, partitions, ends.getOrDefault(p, 0L), maxBytes / partitions))
            .toList();
    int count =
        Math.min(Math.min(partitions, MOST_SHARES), Runtime.getRuntime().availableProcessors());
    for (int i = 0; i < count; i++) {
      int share = i;
      List<TopicPartition> its =
          TopicEnds.partitions(topic, partitions).stream()
              .filter(each -> each.partition() % count == share)
              .toList();
      shares.add(new Share(its, consumers.get(), entries.get()));
    }
  }

  /** These partitions can be read no further than this, and why. */
  void stopAt(TransactionWait.Held held) {
    held.ends().forEach((partition, end) -> table.get(partition).stopAt(end, held.why()));
  }

  boolean hasMore() {
    return table.stream().anyMatch(TablePartition::hasMore);
  }

  /** Reads the next pass; the folds of the last one are gone with it. */
  void readPass(Workers workers, DoubleConsumer progress) throws InterruptedException {
    double[] fractions = new double[shares.size()];
    workers.each(
        shares,
        share ->
            readPass(
                share,
                fraction -> {
                  synchronized (fractions) {
                    fractions[shares.indexOf(share)] = fraction;
                    progress.accept(Arrays.stream(fractions).average().orElse(1));
                  }
                }));
  }

  private void readPass(Share share, DoubleConsumer progress) {
    var unfinished = share.partitions.stream().filter(each -> at(each).hasMore()).toList();
    share.partitions.forEach(each -> at(each).beginPass());
    RangeReading.fromStart(share.consumer, unfinished, each -> at(each).end())
        .toEnd(
            patience,
            record -> table.get(record.partition()).put(record, share.entries),
            (done, total) -> progress.accept(total == 0 ? 1 : (double) done / total));
    share.partitions.forEach(each -> at(each).endPass());
  }

  /** The keys that have a record behind the table's ends and before {@code newEnds}. */
  Set<String> changedBefore(Map<Integer, Long> newEnds) {
    Set<String> changed = new HashSet<>();
    for (Share share : shares) {
      new RangeReading<>(
              share.consumer,
              share.partitions.stream()
                  .collect(Collectors.toMap(each -> each, each -> at(each).end())),
              each -> newEnds.getOrDefault(each.partition(), 0L))
          .toEnd(
              patience,
              record -> {
                byte[] key = record.key() == null ? new byte[0] : Utils.toArray(record.key());
                if (table.get(record.partition()).isHome(key)) {
                  changed.add(text(key));
                }
              });
    }
    return changed;
  }

  private TablePartition at(TopicPartition partition) {
    return table.get(partition.partition());
  }

  /** The fold of the present pass. */
  Fold fold(int partition) {
    return table.get(partition).fold();
  }

  int partitions() {
    return table.size();
  }

  /** The number of keys in the present pass, those with tombstones included. */
  long size() {
    return table.stream().mapToLong(partition -> partition.fold().size()).sum();
  }

  /** The zone keys whose latest record cannot be read, so that their value is unknown. */
  Set<String> unreadable() {
    return table.stream()
        .flatMap(partition -> partition.unreadable().stream())
        .collect(Collectors.toSet());
  }

  /** How many unreadable records have no zone key. */
  long unplaced() {
    return table.stream().mapToLong(TablePartition::unplaced).sum();
  }

  /** How many records are on another partition than their key's. */
  long misplaced() {
    return table.stream().mapToLong(TablePartition::misplaced).sum();
  }

  /** For each partition that cannot be read to its end, the reason. */
  List<String> waiting() {
    return table.stream().map(TablePartition::waiting).filter(reason -> !reason.isEmpty()).toList();
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    shares.forEach(share -> share.consumer.close());
  }
}
