package io.zonecast.sink.poll;

import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own mock with a log behind it, so that what is sought is read again; and with a group
 * that can be slow to answer.
 */
public final class LogConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {
  public static final String TOPIC = "zones";

  /** A zone whose record cannot be read until its schema is known. */
  public static final String UNKNOWN = "?";

  /** A zone whose record can never be read. */
  static final String UNDECODABLE = "!";

  private final List<ConsumerRecord<ByteBuffer, ByteBuffer>> log = new ArrayList<>();
  private final AtomicInteger lookUpsToFail = new AtomicInteger();
  private final AtomicInteger commitsToFail = new AtomicInteger();
  private final Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
  private final AtomicInteger fetched = new AtomicInteger();

  /**
   * Reads what {@link #append} wrote, as of one node.
   *
   * @param known whether {@link #UNKNOWN} can be read
   */
  public static EntryReader reader(BooleanSupplier known) {
    return new EntryReader(
        1,
        "zone:",
        ValueFormat.ZONE,
        (key, offset, length) -> 0,
        (value, row) -> {
          String[] parts =
              StandardCharsets.UTF_8.decode(value.duplicate()).toString().split(":", -1);
          if (parts[3].equals(UNDECODABLE)) {
            throw new UndecodableValueException("no row");
          }
          if (parts[3].equals(UNKNOWN) && !known.getAsBoolean()) {
            throw new UnknownSchemaIdException(7, "schema id 7 is unknown");
          }
          row.carrier().set(parts[0]);
          row.origin().set(parts[1]);
          row.destination().set(parts[2]);
          row.zone().set(parts[3]);
        });
  }

  public LogConsumer() {
    super("earliest");
  }

  /** Gives the member these partitions, and takes all others away, at its next poll. */
  void assign(Integer... partitions) {
    schedulePollTask(
        () -> {
          List<TopicPartition> assignment = new ArrayList<>();
          for (int partition : partitions) {
            var its = new TopicPartition(TOPIC, partition);
            updateBeginningOffsets(Map.of(its, 0L));
            assignment.add(its);
          }
          rebalance(assignment);
        });
  }

  /** Appends a record; its value is the zone, or null for a tombstone. */
  public synchronized void append(int partition, String key, @Nullable String zone) {
    long offset = log.stream().filter(record -> record.partition() == partition).count();
    log.add(
        new ConsumerRecord<>(
            TOPIC,
            partition,
            offset,
            1_000 + offset,
            TimestampType.LOG_APPEND_TIME,
            key.length(),
            zone == null ? 0 : zone.length(),
            ByteBuffer.wrap(bytes(key)),
            zone == null ? null : ByteBuffer.wrap(bytes(key + ':' + zone)),
            new RecordHeaders(),
            Optional.empty()));
  }

  /** Loses a partition's records from an offset on, and goes on from there, as Kafka's own does. */
  synchronized void cutOff(int partition, long end) {
    log.removeIf(record -> record.partition() == partition && record.offset() >= end);
    schedulePollTask(() -> seek(new TopicPartition(TOPIC, partition), end));
  }

  @Override
  public synchronized Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    partitions.forEach(partition -> offsets.put(partition, 0L));
    return offsets;
  }

  @Override
  public synchronized Map<TopicPartition, Long> endOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    partitions.forEach(
        partition ->
            offsets.put(
                partition,
                log.stream()
                    .filter(record -> record.partition() == partition.partition())
                    .count()));
    return offsets;
  }

  /** How many records were returned by polls. */
  public int fetched() {
    return fetched.get();
  }

  void failLookUps(int times) {
    lookUpsToFail.set(times);
  }

  void failCommits(int times) {
    commitsToFail.set(times);
  }

  /** What the group knows of a partition; -1 where nothing was committed. */
  synchronized long committedOf(int partition) {
    OffsetAndMetadata its = known.get(new TopicPartition(TOPIC, partition));
    return its == null ? -1 : its.offset();
  }

  @Override
  public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    for (ConsumerRecord<ByteBuffer, ByteBuffer> record : log) {
      var its = new TopicPartition(TOPIC, record.partition());
      if (assignment().contains(its) && !paused().contains(its)) {
        addRecord(record);
      }
    }
    ConsumerRecords<ByteBuffer, ByteBuffer> records = super.poll(timeout);
    fetched.addAndGet(records.count());
    if (records.isEmpty()) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    return records;
  }

  @Override
  public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    if (lookUpsToFail.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new TimeoutException("the group's coordinator does not answer");
    }
    Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(known);
    found.keySet().retainAll(partitions);
    return found;
  }

  @Override
  public synchronized void commitSync(
      Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    known.putAll(offsets);
  }

  @Override
  public synchronized void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    boolean fails = commitsToFail.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    if (!fails) {
      known.putAll(offsets);
    }
    if (callback != null) {
      callback.onComplete(offsets, fails ? new TimeoutException("not committed") : null);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
