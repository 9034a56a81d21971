package io.zonecast.ingest.stream;

import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.topic.RangeReading;
import io.zonecast.schemas.topic.TopicEnds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who wrote the keys of waiting updates last, by one reading of the table's partition for up
 * to {@link #MOST_UPDATES} of them, from a little before the oldest one came. Compaction leaves the
 * last record of each key there, a tombstone for {@code delete.retention.ms} at least.
 *
 * <p>Committed records are read up to the last stable offset. The transaction that is open there
 * may be our own, for which we cannot wait: behind it, any record that no update made counts as a
 * publish, whatever becomes of it.
 */
final class LastWriters {
  private static final Logger LOG = LoggerFactory.getLogger(LastWriters.class);

  /** Some 10 MB. */
  private static final int MOST_UPDATES = 50_000;

  /** A publish by so much later than an update is later, whatever the brokers' clocks say. */
  private static final Duration LATER = Duration.ofSeconds(60);

  /** How far apart the clocks of brokers and of those who send updates may be. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(10);

  /** How long brokers may send nothing before a reading is given up. */
  private static final Duration GIVING_UP = Duration.ofSeconds(60);

  private final Function<IsolationLevel, Consumer<byte[], byte[]>> consumers;
  private final String table;
  private final Uuid updatesId;
  private final Duration tombstonesLive;
  private final Clock clock;
  private final LongSupplier nanoTime;

  private record Waiting(long offset, Bytes key, long millis, boolean byBroker) {}

  /** Who wrote a key last: when, by the broker, and whether a stream did, from our updates. */
  private record Writer(long millis, boolean ours) {
    static final Writer NOBODY = new Writer(Long.MIN_VALUE, true);
  }

  /**
   * What was found of the updates before {@code end}. One that is neither taken nor overtaken is to
   * be applied.
   *
   * @param takenTo the last update that a stream has taken, and with it all before: the record that
   *     tells was committed together with the stream's position
   * @param overtaken why an update is not to be applied, by its offset
   * @param nanos when the reading ended
   */
  record Found(long end, long takenTo, Map<Long, String> overtaken, long nanos) {
    static final Found NOTHING = new Found(-1, -1, Map.of(), 0);
  }

  /**
   * @param consumers makes one of no group, which falls back to the earliest offset
   * @param updatesId the id of the topic of updates
   * @param tombstonesLive the table's {@code delete.retention.ms}
   */
  LastWriters(
      Function<IsolationLevel, Consumer<byte[], byte[]>> consumers,
      String table,
      Uuid updatesId,
      Duration tombstonesLive,
      Clock clock,
      LongSupplier nanoTime) {
    this.consumers = consumers;
    this.table = table;
    this.updatesId = updatesId;
    this.tombstonesLive = tombstonesLive;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  Uuid updatesId() {
    return updatesId;
  }

  /**
   * Looks for the last writers of the updates from {@code first} on, unless {@code known} covers
   * that one and is young itself.
   *
   * @param again whether the updates may have been taken before, so that a publish overtakes them
   *     however little later it came
   * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
   */
  Found find(int partition, long first, boolean again, Found known) {
    if (first < known.end && nanoTime.getAsLong() - known.nanos <= UpdateAges.YOUNG.toNanos()) {
      return known;
    }
    List<Waiting> updates = new ArrayList<>();
    long end = readUpdates(partition, first, updates);
    long oldest = updates.stream().mapToLong(Waiting::millis).min().orElse(Long.MAX_VALUE);
    Map<Bytes, Writer> writers = new HashMap<>();
    updates.forEach(update -> writers.put(update.key, Writer.NOBODY));
    long takenTo = readTable(partition, oldest, writers);

    Map<Long, String> overtaken = new HashMap<>();
    for (Waiting update : updates) {
      String problem = problem(update, writers.getOrDefault(update.key, Writer.NOBODY), again);
      if (update.offset > takenTo && problem != null) {
        overtaken.put(update.offset, problem);
      }
    }
    LOG.info(
        "partition={} updates {} to {} have waited: taken before up to {}, overtaken by a publish {}",
        partition,
        first,
        end - 1,
        takenTo < 0 ? "none" : takenTo,
        overtaken.size());
    return new Found(Math.max(end, first + 1), takenTo, overtaken, nanoTime.getAsLong());
  }

  private long readUpdates(int partition, long first, List<Waiting> updates) {
    return read(
        IsolationLevel.READ_COMMITTED,
        new TopicPartition(ZoneTopic.updatesOf(table), partition),
        first,
        first + MOST_UPDATES,
        update -> {
          boolean byBroker = update.timestampType() == TimestampType.LOG_APPEND_TIME;
          if (update.key() != null) {
            Bytes key = Bytes.wrap(update.key());
            updates.add(new Waiting(update.offset(), key, update.timestamp(), byBroker));
          }
        });
  }

  /** Notes the last writer of each key of {@code writers}; returns the last update taken, or -1. */
  private long readTable(int partition, long oldest, Map<Bytes, Writer> writers) {
    TopicPartition rows = new TopicPartition(table, partition);
    AtomicLong takenTo = new AtomicLong(-1);
    long stable =
        read(
            IsolationLevel.READ_COMMITTED,
            rows,
            startOf(rows, oldest),
            Long.MAX_VALUE,
            row -> {
              long update = updateOf(row);
              takenTo.accumulateAndGet(update, Math::max);
              note(row, update >= 0, writers);
            });
    read(
        IsolationLevel.READ_UNCOMMITTED,
        rows,
        stable,
        Long.MAX_VALUE,
        row -> {
          if (updateOf(row) < 0) {
            note(row, false, writers);
          }
        });
    return takenTo.get();
  }

  private static void note(
      ConsumerRecord<byte[], byte[]> row, boolean ours, Map<Bytes, Writer> writers) {
    if (row.key() != null) {
      Writer writer = new Writer(row.timestamp(), ours);
      writers.computeIfPresent(Bytes.wrap(row.key()), (key, was) -> writer);
    }
  }

  /** -1 for a record of no update, or of one of an earlier topic, or of one not known which. */
  private long updateOf(ConsumerRecord<byte[], byte[]> row) {
    Optional<UpdateHeader> update = UpdateHeader.of(row.headers());
    return update.isPresent() && updatesId.equals(update.get().topicId())
        ? update.get().offset()
        : -1;
  }

  private long startOf(TopicPartition rows, long oldest) {
    if (isOlderThanTombstones(oldest)) {
      return 0;
    }
    long from = Math.max(0, oldest - CLOCKS_APART.toMillis());
    try (Consumer<byte[], byte[]> consumer = consumers.apply(IsolationLevel.READ_COMMITTED)) {
      consumer.assign(Set.of(rows));
      OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(rows, from)).get(rows);
      return found == null ? Long.MAX_VALUE : found.offset();
    }
  }

  private boolean isOlderThanTombstones(long millis) {
    return millis < clock.instant().plus(CLOCKS_APART).minus(tombstonesLive).toEpochMilli();
  }

  /**
   * Reads from {@code start} to the end as it is now, but not to {@code most} or beyond. A start
   * beyond the end is the end.
   *
   * @return the next offset
   * @throws org.apache.kafka.common.errors.TimeoutException if the brokers send nothing for {@link
   *     #GIVING_UP}
   */
  private long read(
      IsolationLevel isolation,
      TopicPartition partition,
      long start,
      long most,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    try (Consumer<byte[], byte[]> consumer = consumers.apply(isolation)) {
      long end = BrokerAnswers.of(TopicEnds.of(consumer, Set.of(partition)), partition);
      long bound = Math.min(end, most);
      var reading =
          new RangeReading<>(consumer, Map.of(partition, Math.min(start, end)), each -> bound);
      reading.toEnd(Patience.of(GIVING_UP, nanoTime), reader::accept);
      return Math.min(reading.position(partition), bound);
    }
  }

  private @Nullable String problem(Waiting update, Writer writer, boolean again) {
    Instant came = Instant.ofEpochMilli(update.millis);
    if (writer.equals(Writer.NOBODY)) {
      return isOlderThanTombstones(update.millis)
          ? "it came at %s, and its key has no row: one may have been deleted since, as tombstones are kept for %s; send it again if it is still meant"
              .formatted(came, tombstonesLive)
          : null;
    }
    Duration tolerated = again ? Duration.ZERO : LATER;
    if (!update.byBroker) {
      tolerated = CLOCKS_APART.negated();
    }
    return writer.ours || writer.millis - update.millis <= tolerated.toMillis()
        ? null
        : "it came at %s%s, and a publish wrote its key at %s; send it again if it is still meant"
            .formatted(
                came,
                update.byBroker ? "" : " by its sender's clock, which may be wrong",
                Instant.ofEpochMilli(writer.millis));
  }
}
