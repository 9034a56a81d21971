package io.zonecast.ingest.publish;

import io.zonecast.ingest.Progress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Reads the committed records of the topic from the beginning to a {@link Watermark}, with
 * partitions assigned, in no group. What compaction or an aborted transaction left out is no
 * obstacle, since positions are compared and not records counted.
 */
final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** How long a reader may stand still before it looks for the reason, and between two looks. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long it stands still for no reason that can be found. */
  private static final Duration GIVING_UP = Duration.ofSeconds(60);

  private static final int KIBI = 1 << 10;

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Watermark watermark;
  private final Standstill standstill;
  private final Progress progress;
  private final LongSupplier nanoTime;

  /** Takes one record; its buffers are valid until it returns. */
  @FunctionalInterface
  interface Visitor {
    void visit(ConsumerRecord<ByteBuffer, ByteBuffer> record) throws InterruptedException;
  }

  /** Looks for the reason when a reading does not go on. */
  @FunctionalInterface
  interface Standstill {
    /**
     * Says what holds the reader back.
     *
     * @return whether anything was found that will end by itself
     */
    boolean explain(Collection<TopicPartition> behind, Map<TopicPartition, Long> positions);
  }

  TopicReader(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Watermark watermark,
      Standstill standstill,
      Progress progress,
      LongSupplier nanoTime) {
    this.consumer = consumer;
    this.watermark = watermark;
    this.standstill = standstill;
    this.progress = progress;
    this.nanoTime = nanoTime;
  }

  /** Makes the consumer that a reader wants. */
  static Consumer<ByteBuffer, ByteBuffer> consumer(Map<String, Object> user) {
    return new KafkaConsumer<>(
        ClientSettings.layered(
            Map.of(
                // A table is read in few large answers; the defaults are made for a trickle.
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                10_000,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                4 * KIBI * KIBI,
                // A poll asks for more before it returns, so also for what lies beyond the
                // watermark;
                // waiting there, the broker would not answer for the other partitions.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                5,
                ConsumerConfig.RECEIVE_BUFFER_CONFIG,
                512 * KIBI),
            user,
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest")),
        new ByteBufferDeserializer(),
        new ByteBufferDeserializer());
  }

  /**
   * Reads everything below the watermark. Can be called again, and begins at the beginning.
   *
   * @throws org.apache.kafka.common.errors.InterruptException if the thread is interrupted
   */
  void read(Progress.Phase phase, Visitor visitor) throws InterruptedException {
    List<TopicPartition> partitions = watermark.partitions();
    consumer.assign(partitions);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> positions = new HashMap<>(beginnings);
    long total = 0;
    for (TopicPartition partition : partitions) {
      total += watermark.end(partition) - startOf(partition, beginnings);
    }
    consumer.seekToBeginning(partitions);
    List<TopicPartition> behind = behind(positions);
    // A partition that is done is paused: others write on, and what is beyond is not asked for.
    pauseOthers(partitions, behind);
    long left = left(behind, positions);
    long movedAt = nanoTime.getAsLong();
    long lookedAt = movedAt;
    progress.at(phase, 0, total);
    while (!behind.isEmpty()) {
      ConsumerRecords<ByteBuffer, ByteBuffer> records = consumer.poll(POLL);
      for (TopicPartition partition : records.partitions()) {
        long end = watermark.end(partition);
        for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records.records(partition)) {
          if (record.offset() >= end) {
            break;
          }
          visitor.visit(record);
        }
      }
      for (TopicPartition partition : behind) {
        positions.put(partition, consumer.position(partition));
      }
      behind = behind(positions);
      pauseOthers(partitions, behind);
      long now = nanoTime.getAsLong();
      long stillLeft = left(behind, positions);
      if (stillLeft < left) {
        left = stillLeft;
        movedAt = now;
        lookedAt = now;
        progress.at(phase, total - left, total);
      } else if (now - lookedAt > PATIENCE.toNanos()) {
        lookedAt = now;
        boolean explained = standstill.explain(behind, positions);
        if (!explained && now - movedAt > GIVING_UP.toNanos()) {
          throw new TimeoutException(
              ("the brokers have sent nothing for %d s, and name no open transaction that"
                      + " holds the reader back, so that the cause is unknown: it stands at %s and"
                      + " reads to %s; see whether the brokers are up, then try again")
                  .formatted(
                      Duration.ofNanos(now - movedAt).toSeconds(), positions, watermark.ends()));
        }
      }
    }
  }

  private List<TopicPartition> behind(Map<TopicPartition, Long> positions) {
    List<TopicPartition> behind = new ArrayList<>();
    positions.forEach(
        (partition, position) -> {
          if (position < watermark.end(partition)) {
            behind.add(partition);
          }
        });
    return behind;
  }

  private void pauseOthers(List<TopicPartition> partitions, List<TopicPartition> behind) {
    List<TopicPartition> done = new ArrayList<>(partitions);
    done.removeAll(behind);
    consumer.pause(done);
    consumer.resume(behind);
  }

  private long left(List<TopicPartition> behind, Map<TopicPartition, Long> positions) {
    long left = 0;
    for (TopicPartition partition : behind) {
      left += watermark.end(partition) - startOf(partition, positions);
    }
    return left;
  }

  private static long startOf(TopicPartition partition, Map<TopicPartition, Long> offsets) {
    Long offset = offsets.get(partition);
    return offset == null ? 0 : offset;
  }

  @Override
  public void close() {
    // Nothing to hand in: no group, no commits.
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
