package io.zonecast.sink.poll;

import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.WaitingRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Checks, before a sink joins the group, that it can read a row: reads the newest records of the
 * topic until one makes an entry with a value. A sink that can read none, for example without the
 * registry, would take partitions from members that can, and sweep entries that it cannot write
 * again. A topic without values passes. For the polling thread.
 */
public final class ReadableRowCheck implements Supplier<Map<Integer, WaitNote>>, AutoCloseable {
  /** Records read of each partition; more, if these are tombstones. */
  private static final long NEWEST = 500;

  private static final long MORE = 1_000;
  private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(5);

  private final List<TopicPartition> partitions;
  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final EntryReader reader;
  private final Map<Integer, WaitNote> unread = new TreeMap<>();
  private final Map<Integer, WaitingRecord> waiting = new HashMap<>();
  private @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;
  private Map<TopicPartition, Long> ends = Map.of();

  /**
   * @param consumers opens a read_committed consumer in no group
   */
  public ReadableRowCheck(
      String topic,
      int partitions,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      EntryReader reader) {
    this.partitions = TopicEnds.partitions(topic, partitions);
    this.consumers = consumers;
    this.reader = reader;
  }

  /**
   * Reads, unless nothing has changed since the last try.
   *
   * @return by partition, a record that cannot be read; empty once the sink may begin
   * @throws org.apache.kafka.common.errors.TimeoutException if the brokers do not answer
   */
  @Override
  public Map<Integer, WaitNote> get() {
    Consumer<ByteBuffer, ByteBuffer> from = consumer == null ? consumers.get() : consumer;
    consumer = from;
    // A consumer warns about ends of partitions that are not assigned to it.
    from.assign(partitions);
    Map<TopicPartition, Long> endsNow = from.endOffsets(partitions, BROKER_TIMEOUT);
    if (unread.isEmpty() || !endsNow.equals(ends) || !allStillWait()) {
      ends = endsNow;
      unread.clear();
      waiting.clear();
      long furthest = Collections.max(ends.values());
      long newest = NEWEST;
      while (!readsARow(from, newest) && unread.isEmpty() && newest < furthest) {
        newest *= MORE;
      }
    }
    if (unread.isEmpty()) {
      close();
    }
    return Map.copyOf(unread);
  }

  /** A record that can never be read stays so until another is written behind it. */
  private boolean allStillWait() {
    for (Map.Entry<Integer, WaitingRecord> its : waiting.entrySet()) {
      Optional<WaitingRecord> again = its.getValue().askAgain(reader);
      if (again.isEmpty()) {
        return false;
      }
      unread.put(its.getKey(), again.get().note());
    }
    return true;
  }

  private boolean readsARow(Consumer<ByteBuffer, ByteBuffer> from, long newest) {
    // If these offsets are compacted or expired, the consumer begins at the earliest.
    Map<TopicPartition, Long> starts = new HashMap<>();
    ends.forEach((partition, end) -> starts.put(partition, Math.max(0, end - newest)));
    AtomicBoolean found = new AtomicBoolean();
    new RangeReading<>(from, starts, partition -> found.get() ? 0 : end(partition))
        .toEnd(Patience.of(BROKER_TIMEOUT, System::nanoTime), record -> found.set(isRow(record)));
    if (found.get()) {
      unread.clear();
    }
    return found.get();
  }

  private boolean isRow(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    EntryReader.Reading reading = reader.read(record);
    if (reading == EntryReader.Reading.ENTRY) {
      return !reader.isTombstone();
    }
    if (unread.putIfAbsent(record.partition(), new WaitNote(record.offset(), reader.reason()))
            == null
        && reading == EntryReader.Reading.WAIT) {
      waiting.put(record.partition(), new WaitingRecord(record, reader.reason()));
    }
    return false;
  }

  private long end(TopicPartition partition) {
    return Objects.requireNonNull(ends.get(partition));
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
      consumer = null;
    }
  }
}
