package io.zonecast.sink.verify;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads ranges of partitions with one consumer, one after the other. No open transaction may hold
 * back what is asked for ({@link TransactionWait}). For one thread at a time.
 */
final class RangeReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SAY_AFTER = Duration.ofSeconds(10);
  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(1);

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final java.util.function.Consumer<String> say;
  private final LongSupplier nanoTime;

  RangeReader(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      java.util.function.Consumer<String> say,
      LongSupplier nanoTime) {
    this.consumer = consumer;
    this.say = say;
    this.nanoTime = nanoTime;
  }

  /** Where these partitions begin, for a reading of all that they have. */
  Map<TopicPartition, Long> beginnings(List<TopicPartition> partitions) {
    return consumer.beginningOffsets(partitions);
  }

  /** Reads all committed records of a topic; none if it does not exist. */
  void readAll(
      String topic, java.util.function.Consumer<ConsumerRecord<ByteBuffer, ByteBuffer>> visitor) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(each -> new TopicPartition(topic, each.partition()))
            .toList();
    // A consumer complains of ends that it learns of partitions which are not its own.
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    read(
        beginnings(partitions),
        each -> ends.getOrDefault(each, 0L),
        (partition, record) -> visitor.accept(record),
        fraction -> {});
  }

  /**
   * Reads each partition from where {@code range} says.
   *
   * @param end where a partition's range ends; may move down meanwhile
   * @param progress told the share that has been read, from 0 to 1
   * @throws TimeoutException if nothing comes for a minute
   */
  void read(
      Map<TopicPartition, Long> range,
      ToLongFunction<TopicPartition> end,
      BiConsumer<TopicPartition, ConsumerRecord<ByteBuffer, ByteBuffer>> visitor,
      DoubleConsumer progress) {
    Map<TopicPartition, Long> positions = new HashMap<>(range);
    consumer.assign(range.keySet());
    range.forEach(consumer::seek);
    long total = left(positions, end);
    long movedAt = nanoTime.getAsLong();
    boolean said = false;
    while (true) {
      // What is read is given up, not paused: a partition that is assigned again stays paused.
      positions.entrySet().removeIf(at -> at.getValue() >= end.applyAsLong(at.getKey()));
      consumer.assign(positions.keySet());
      progress.accept(total == 0 ? 1 : 1 - (double) left(positions, end) / total);
      if (positions.isEmpty()) {
        return;
      }
      var records = consumer.poll(POLL);
      for (TopicPartition partition : records.partitions()) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records.records(partition)) {
          if (record.offset() >= end.applyAsLong(partition)) {
            break;
          }
          visitor.accept(partition, record);
        }
      }
      records
          .nextOffsets()
          .forEach((partition, next) -> positions.replace(partition, next.offset()));
      long stoodFor = nanoTime.getAsLong() - movedAt;
      if (!records.nextOffsets().isEmpty()) {
        movedAt = nanoTime.getAsLong();
      } else if (stoodFor >= GIVE_UP_AFTER.toNanos()) {
        throw new TimeoutException(
            "the brokers have sent nothing of %s for %d s, the cause is unknown"
                .formatted(positions, GIVE_UP_AFTER.toSeconds()));
      } else if (!said && stoodFor >= SAY_AFTER.toNanos()) {
        said = true;
        say.accept(positions.keySet() + ": the brokers send nothing, the cause is unknown");
      }
    }
  }

  private static long left(
      Map<TopicPartition, Long> positions, ToLongFunction<TopicPartition> end) {
    return positions.entrySet().stream()
        .mapToLong(at -> Math.max(0, end.applyAsLong(at.getKey()) - at.getValue()))
        .sum();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
