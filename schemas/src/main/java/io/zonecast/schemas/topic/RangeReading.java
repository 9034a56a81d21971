package io.zonecast.schemas.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * One reading of a range of each of some partitions, with a consumer of no group. What compaction
 * or an aborted transaction left out is no obstacle, since positions are compared with the ends,
 * and records not counted. For one thread.
 */
public final class RangeReading<K, V> {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<K, V> consumer;
  private final ToLongFunction<TopicPartition> end;
  private final Map<TopicPartition, Long> positions;

  /** Takes one record; buffers of a record may be valid only until it returns. */
  @FunctionalInterface
  public interface Visitor<K, V, E extends Exception> {
    void visit(ConsumerRecord<K, V> record) throws E;
  }

  /** Hears how many offsets of all, gaps included, have been read. */
  @FunctionalInterface
  public interface Progress {
    void at(long done, long total);
  }

  /**
   * Assigns the partitions to the consumer, and moves it to their first offsets.
   *
   * @param from the first offset of each partition
   * @param end where a partition's range ends, exclusive; may move down meanwhile, and 0 gives the
   *     rest of it up
   */
  public RangeReading(
      Consumer<K, V> consumer, Map<TopicPartition, Long> from, ToLongFunction<TopicPartition> end) {
    this.consumer = consumer;
    this.end = end;
    this.positions = new LinkedHashMap<>(from);
    leaveWhatIsRead();
    behind().forEach(consumer::seek);
  }

  /** All that {@code consumer}, by its isolation level, can read of these partitions now. */
  public static <K, V> RangeReading<K, V> ofAll(
      Consumer<K, V> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = TopicEnds.of(consumer, partitions);
    return fromStart(consumer, partitions, each -> BrokerAnswers.of(ends, each));
  }

  /**
   * All that there is of these partitions before {@code end}. They are assigned first: a consumer
   * complains of offsets that it learns of partitions which are not its own.
   */
  public static <K, V> RangeReading<K, V> fromStart(
      Consumer<K, V> consumer,
      Collection<TopicPartition> partitions,
      ToLongFunction<TopicPartition> end) {
    consumer.assign(partitions);
    return new RangeReading<>(consumer, consumer.beginningOffsets(partitions), end);
  }

  /** Whether each partition has been read to its end. */
  public boolean isDone() {
    return behind().isEmpty();
  }

  /** The next offset of a partition; beyond its end where a gap lies there. */
  public long position(TopicPartition partition) {
    return BrokerAnswers.of(positions, partition);
  }

  /** As {@link #poll(Duration, Visitor)}, for a tenth of a second at most. */
  public <E extends Exception> boolean poll(Visitor<K, V, E> visitor) throws E {
    return poll(POLL, visitor);
  }

  /**
   * Polls once.
   *
   * @return whether any position has moved
   */
  public <E extends Exception> boolean poll(Duration atMost, Visitor<K, V, E> visitor) throws E {
    ConsumerRecords<K, V> records = consumer.poll(atMost);
    for (TopicPartition partition : records.partitions()) {
      for (ConsumerRecord<K, V> record : records.records(partition)) {
        if (record.offset() >= end.applyAsLong(partition)) {
          break;
        }
        visitor.visit(record);
      }
    }
    boolean moved = false;
    for (TopicPartition partition : consumer.assignment()) {
      long now = positionNow(partition);
      moved |= now != BrokerAnswers.of(positions, partition);
      positions.put(partition, now);
    }
    leaveWhatIsRead();
    return moved;
  }

  /** As {@link #toEnd(Patience, Visitor, Progress)}, without progress. */
  public <E extends Exception> void toEnd(Patience patience, Visitor<K, V, E> visitor) throws E {
    toEnd(patience, visitor, (done, total) -> {});
  }

  /**
   * Polls until all has been read.
   *
   * @param progress told at the start, and whenever a position has moved
   * @throws TimeoutException if nothing comes for longer than {@code patience} has
   */
  public <E extends Exception> void toEnd(
      Patience patience, Visitor<K, V, E> visitor, Progress progress) throws E {
    long total = left();
    long movedNanos = patience.nanoTime().getAsLong();
    long lookedNanos = movedNanos;
    progress.at(0, total);
    while (!isDone()) {
      boolean moved = poll(visitor);
      long nowNanos = patience.nanoTime().getAsLong();
      if (moved) {
        movedNanos = nowNanos;
        lookedNanos = nowNanos;
        progress.at(total - left(), total);
      } else if (nowNanos - lookedNanos > patience.lookEvery().toNanos()) {
        boolean explained = patience.standstill().explain(behind(), lookedNanos != movedNanos);
        lookedNanos = nowNanos;
        if (!explained && nowNanos - movedNanos > patience.giveUpAfter().toNanos()) {
          throw nothingCame(patience.giveUpAfter());
        }
      }
    }
  }

  private TimeoutException nothingCame(Duration stoodFor) {
    Set<Map.Entry<TopicPartition, Long>> behind = behind().entrySet();
    return new TimeoutException(
        ("%s: the brokers have sent nothing for %d s, at offset %s, and the cause is unknown; see"
                + " whether they are up, then try again")
            .formatted(
                behind.stream().map(at -> at.getKey().toString()).collect(Collectors.joining(", ")),
                stoodFor.toSeconds(),
                behind.stream()
                    .map(at -> at.getValue() + " of " + end.applyAsLong(at.getKey()))
                    .collect(Collectors.joining(", "))));
  }

  /**
   * Without waiting: what was sought may lie before the log's start, which then is its position.
   */
  private long positionNow(TopicPartition partition) {
    try {
      return consumer.position(partition, Duration.ZERO);
    } catch (TimeoutException e) {
      return position(partition);
    }
  }

  /**
   * Others write on, and what lies beyond a range is not to be fetched. It is given up and not
   * paused: a partition that is assigned again would stay paused. The last ones stay assigned, or
   * the consumer would have to learn of its topic anew for the next reading.
   */
  private void leaveWhatIsRead() {
    Set<TopicPartition> behind = behind().keySet();
    if (!behind.isEmpty() && !behind.equals(consumer.assignment())) {
      consumer.assign(behind);
    }
  }

  private Map<TopicPartition, Long> behind() {
    Map<TopicPartition, Long> behind = new LinkedHashMap<>(positions);
    behind.entrySet().removeIf(at -> at.getValue() >= end.applyAsLong(at.getKey()));
    return behind;
  }

  private long left() {
    return behind().entrySet().stream()
        .mapToLong(at -> end.applyAsLong(at.getKey()) - at.getValue())
        .sum();
  }
}
