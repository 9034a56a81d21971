package io.zonecast.sink.verify;

import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.fill.Fold;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;

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

  private final int partitions;
  private final List<TopicShare> shares = new ArrayList<>();

  /**
   * Opens the consumers.
   *
   * @param watermarks where each partition is to be read to
   * @param maxBytes memory for all folds of a pass
   */
  TopicTable(
      String topic,
      int partitions,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Supplier<EntryReader> readers,
      Map<Integer, Long> watermarks,
      long maxBytes,
      TopicShare.Patience patience) {
    this.partitions = partitions;
    int count =
        Math.min(Math.min(partitions, MOST_SHARES), Runtime.getRuntime().availableProcessors());
    for (int i = 0; i < count; i++) {
      int share = i;
      shares.add(
          new TopicShare(
              topic,
              partitions,
              IntStream.range(0, partitions)
                  .filter(partition -> partition % count == share)
                  .boxed()
                  .collect(Collectors.toSet()),
              consumers.get(),
              readers.get(),
              watermarks,
              maxBytes / partitions,
              patience));
    }
  }

  boolean hasMore() {
    return shares.stream().anyMatch(TopicShare::hasMore);
  }

  /** Reads the next pass; the folds of the last one are gone with it. */
  void readPass(Workers workers, DoubleConsumer progress) throws InterruptedException {
    double[] fractions = new double[shares.size()];
    workers.each(
        shares,
        share ->
            share.readPass(
                fraction -> {
                  synchronized (fractions) {
                    fractions[shares.indexOf(share)] = fraction;
                    progress.accept(Arrays.stream(fractions).average().orElse(1));
                  }
                }));
  }

  /** The keys that have a record behind the table's ends and before {@code newEnds}. */
  Set<String> changedBefore(Map<Integer, Long> newEnds) {
    Set<String> changed = new HashSet<>();
    shares.forEach(share -> changed.addAll(share.changedBefore(newEnds)));
    return changed;
  }

  /** The fold of the present pass. */
  Fold fold(int partition) {
    return shares.get(partition % shares.size()).fold(partition);
  }

  int partitions() {
    return partitions;
  }

  /** The zone keys whose latest record cannot be read: nobody knows what the cache should hold. */
  Set<String> unreadable() {
    return shares.stream()
        .flatMap(share -> share.unreadable().stream())
        .collect(Collectors.toSet());
  }

  /** How many unreadable records have no zone key, or stand on a partition that is not theirs. */
  long unplaced() {
    return shares.stream().mapToLong(TopicShare::unplaced).sum();
  }

  /** For each partition that cannot be read to its end, the reason. */
  List<String> waiting() {
    return shares.stream().map(TopicShare::waiting).flatMap(Collection::stream).sorted().toList();
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    shares.forEach(TopicShare::close);
  }
}
