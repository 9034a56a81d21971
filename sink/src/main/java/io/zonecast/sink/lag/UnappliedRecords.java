package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.RangeReading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a group has not applied yet. Offsets alone cannot tell: after compaction 10,006 of
 * them were 101 records, and a transaction's marker takes an offset that no record ever fills.
 *
 * @param consumers makes consumers without a group
 */
record UnappliedRecords(
    Function<IsolationLevel, Consumer<byte[], byte[]>> consumers, LongSupplier nanoClock) {
  /** How much of it to read. */
  enum Extent {
    /** Until the oldest record of each partition is found. */
    OLDEST,
    /** All of it, for as long as a person likes to wait for an estimate. */
    SOON,
    /** All of it, however long that takes. */
    ALL
  }

  private static final Duration SOON = Duration.ofSeconds(2);

  /** How long the brokers may send nothing before what is not read stays unknown. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** Reads {@code spans}; a partition that could not be read in time is missing in the answer. */
  Map<TopicPartition, Unapplied> read(
      Map<TopicPartition, Span> spans, Extent extent, IsolationLevel isolation) {
    Map<TopicPartition, Unapplied> found = new HashMap<>();
    if (spans.isEmpty()) {
      return found;
    }
    try (Consumer<byte[], byte[]> consumer = consumers.apply(isolation)) {
      Map<TopicPartition, Long> starts = new HashMap<>();
      Map<TopicPartition, Tally> tallies = new HashMap<>();
      spans.forEach(
          (partition, span) -> {
            starts.put(partition, span.from());
            tallies.put(partition, new Tally(span));
          });
      var reading =
          new RangeReading<>(
              consumer,
              starts,
              each -> found.containsKey(each) ? 0 : BrokerAnswers.of(tallies, each).span.to());
      long startNanos = nanoClock.getAsLong();
      long heardNanos = startNanos;
      long nowNanos = startNanos;
      while (!reading.isDone() && nowNanos - heardNanos <= SILENCE.toNanos()) {
        boolean moved =
            reading.poll(
                record ->
                    BrokerAnswers.of(
                            tallies, new TopicPartition(record.topic(), record.partition()))
                        .add(record));
        nowNanos = nanoClock.getAsLong();
        heardNanos = moved ? nowNanos : heardNanos;
        boolean over = extent == Extent.SOON && nowNanos - startNanos > SOON.toNanos();
        tallies.forEach(
            (partition, tally) -> {
              boolean atEnd = reading.position(partition) >= tally.span.to();
              if (atEnd || over || (extent == Extent.OLDEST && tally.oldest != null)) {
                found.putIfAbsent(partition, tally.total(atEnd));
              }
            });
      }
    }
    return found;
  }

  private static final class Tally {
    private final Span span;
    private @Nullable Instant oldest;
    private long applied;
    private long waiting;

    Tally(Span span) {
      this.span = span;
    }

    void add(ConsumerRecord<byte[], byte[]> read) {
      if (read.offset() < span.committed()) {
        applied++;
        return;
      }
      waiting++;
      if (oldest == null) {
        oldest = Instant.ofEpochMilli(read.timestamp());
      }
    }

    Unapplied total(boolean atEnd) {
      return new Unapplied(oldest, applied, waiting, atEnd);
    }
  }

  /**
   * A part of a partition to read.
   *
   * @param from the first offset
   * @param committed the committed offset, from which on records wait
   * @param to the last stable offset, exclusive
   */
  record Span(long from, long committed, long to) {}

  /**
   * What was found between two offsets of a partition by reading.
   *
   * @param oldest when the oldest record from the committed offset on was written; null if there is
   *     none
   * @param applied how many records lie before the committed offset, of those looked at
   * @param waiting how many lie at or after it
   * @param complete whether the reading came to the end, so that {@code waiting} is exact
   */
  record Unapplied(@Nullable Instant oldest, long applied, long waiting, boolean complete) {
    static final Unapplied NOTHING = new Unapplied(null, 0, 0, true);

    /** Whether it is certain that no record waits. */
    boolean none() {
      return complete && waiting == 0;
    }
  }
}
