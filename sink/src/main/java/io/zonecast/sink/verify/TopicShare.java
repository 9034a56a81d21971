package io.zonecast.sink.verify;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.fill.Fold;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Some partitions of the {@link TopicTable}, which one thread at a time reads with a consumer of
 * its own.
 */
final class TopicShare implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final int topicPartitions;
  private final Set<Integer> partitions;
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final EntryReader reader;
  private final long[] ends;
  private final long[] floors;
  private final Fold[] folds;
  private final long maxFoldBytes;
  private final Patience patience;
  private final Map<String, Integer> unreadable = new HashMap<>();
  private final Map<Integer, String> waiting = new TreeMap<>();
  private long unplaced;
  private boolean firstPass = true;

  /** Told when the consumer stands still; throws when that has gone on for too long. */
  interface Patience {
    void standsStill(Duration since, Collection<TopicPartition> partitions);
  }

  /**
   * Reads nothing yet.
   *
   * @param partitions those of this share, of {@code topicPartitions}
   * @param maxFoldBytes memory for each of them
   */
  TopicShare(
      String topic,
      int topicPartitions,
      Set<Integer> partitions,
      Consumer<ByteBuffer, ByteBuffer> consumer,
      EntryReader reader,
      Map<Integer, Long> watermarks,
      long maxFoldBytes,
      Patience patience) {
    this.topic = topic;
    this.topicPartitions = topicPartitions;
    this.partitions = partitions;
    this.consumer = consumer;
    this.reader = reader;
    this.maxFoldBytes = maxFoldBytes;
    this.patience = patience;
    this.ends = new long[topicPartitions];
    watermarks.forEach((partition, end) -> ends[partition] = end);
    this.floors = new long[topicPartitions];
    this.folds = new Fold[topicPartitions];
  }

  boolean hasMore() {
    return partitions.stream().anyMatch(partition -> floors[partition] < Fold.HASH_END);
  }

  /** Reads the next pass; the folds of the last one are gone with it. */
  void readPass(DoubleConsumer progress) {
    Map<TopicPartition, Long> range = new HashMap<>();
    for (int partition : partitions) {
      folds[partition] = new Fold(maxFoldBytes, floors[partition]);
      if (floors[partition] < Fold.HASH_END) {
        range.put(new TopicPartition(topic, partition), 0L);
      }
    }
    consumer.assign(range.keySet());
    consumer.seekToBeginning(range.keySet());
    range.replaceAll((partition, at) -> consumer.position(partition));
    read(range, ends, progress, this::put);
    for (int partition : partitions) {
      floors[partition] = folds[partition].hashCeiling();
    }
    firstPass = false;
  }

  /** The keys that have a record behind the table's ends and before {@code newEnds}. */
  Set<String> changedBefore(Map<Integer, Long> newEnds) {
    Set<String> changed = new HashSet<>();
    Map<TopicPartition, Long> range = new HashMap<>();
    long[] until = new long[topicPartitions];
    for (int partition : partitions) {
      until[partition] = newEnds.getOrDefault(partition, 0L);
      range.put(new TopicPartition(topic, partition), ends[partition]);
    }
    consumer.assign(range.keySet());
    range.forEach(consumer::seek);
    // Assigning what is assigned already leaves it paused, as the last reading left it.
    consumer.resume(range.keySet());
    read(
        range,
        until,
        fraction -> {},
        record -> {
          if (record.key() != null) {
            changed.add(TopicTable.text(Utils.toArray(record.key())));
          }
        });
    return changed;
  }

  /** Reads each partition from where {@code range} says to its end. */
  private void read(
      Map<TopicPartition, Long> range,
      long[] until,
      DoubleConsumer progress,
      java.util.function.Consumer<ConsumerRecord<ByteBuffer, ByteBuffer>> visitor) {
    Map<TopicPartition, Long> positions = new HashMap<>(range);
    long total = 0;
    for (var start : range.entrySet()) {
      total += Math.max(0, until[start.getKey().partition()] - start.getValue());
    }
    long lastProgress = System.nanoTime();
    while (true) {
      List<TopicPartition> done = new ArrayList<>();
      long left = 0;
      for (var position : positions.entrySet()) {
        long behind = until[position.getKey().partition()] - position.getValue();
        if (behind <= 0) {
          done.add(position.getKey());
        } else {
          left += behind;
        }
      }
      consumer.pause(done);
      positions.keySet().removeAll(done);
      progress.accept(total == 0 ? 1 : 1 - (double) left / total);
      if (positions.isEmpty()) {
        return;
      }
      var records = consumer.poll(POLL);
      for (TopicPartition partition : records.partitions()) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records.records(partition)) {
          if (record.offset() >= until[partition.partition()]) {
            break;
          }
          visitor.accept(record);
        }
      }
      boolean moved = false;
      for (var next : records.nextOffsets().entrySet()) {
        moved |=
            positions.computeIfPresent(next.getKey(), (p, at) -> next.getValue().offset()) != null;
      }
      if (moved) {
        lastProgress = System.nanoTime();
      } else {
        patience.standsStill(
            Duration.ofNanos(System.nanoTime() - lastProgress), positions.keySet());
      }
    }
  }

  private void put(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    int partition = record.partition();
    switch (reader.read(record)) {
      case ENTRY -> {
        folds[partition].put(
            record.offset(),
            reader.node(),
            reader.key(),
            reader.keyAt(),
            reader.keyLength(),
            reader.value(),
            0,
            reader.valueLength());
        if (firstPass && !unreadable.isEmpty()) {
          unreadable.remove(
              new String(reader.key(), reader.keyAt(), reader.keyLength(), StandardCharsets.UTF_8));
        }
      }
      case UNREADABLE -> {
        if (firstPass) {
          countUnreadable(record);
        }
      }
      case WAIT -> {
        // A sink stands here too: what it has applied ends at this offset.
        ends[partition] = record.offset();
        waiting.put(
            partition,
            "partition %d is compared up to offset %d: %s"
                .formatted(partition, record.offset(), reader.reason()));
      }
    }
  }

  private void countUnreadable(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    byte[] key = record.key() == null ? new byte[0] : Utils.toArray(record.key());
    if (ZoneKey.isValid(key, 0, key.length)
        && KeyPartition.of(key, topicPartitions) == record.partition()) {
      unreadable.put(TopicTable.text(key), record.partition());
    } else {
      unplaced++;
    }
  }

  /** The fold of the present pass. */
  Fold fold(int partition) {
    return folds[partition];
  }

  Set<String> unreadable() {
    return unreadable.keySet();
  }

  long unplaced() {
    return unplaced;
  }

  /** For each partition that cannot be read to its end, the reason. */
  Collection<String> waiting() {
    return waiting.values();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
