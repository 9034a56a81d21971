package io.zonecast.sink.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.lag.UnappliedRecords.Extent;
import io.zonecast.sink.lag.UnappliedRecords.Span;
import io.zonecast.sink.lag.UnappliedRecords.Unapplied;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class UnappliedRecordsTest {
  private static final TopicPartition ZERO = new TopicPartition("zones", 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final AtomicLong nanos = new AtomicLong();
  private final UnappliedRecords unapplied =
      new UnappliedRecords(
          isolation -> consumer, () -> nanos.addAndGet(Duration.ofMillis(500).toNanos()));

  @Test
  void allThatComesWithTheOldestIsCounted() {
    consumer.schedulePollTask(() -> append(1, 2, 3, 4));

    assertThat(read(new Span(1, 2, 5), Extent.OLDEST))
        .isEqualTo(Map.of(ZERO, new Unapplied(Instant.ofEpochMilli(2), 1, 3, true)));
  }

  @Test
  void theOldestIsFoundWithoutReadingTheRest() {
    consumer.schedulePollTask(() -> append(2));

    assertThat(read(new Span(2, 2, 5), Extent.OLDEST))
        .isEqualTo(Map.of(ZERO, new Unapplied(Instant.ofEpochMilli(2), 0, 1, false)));
  }

  @Test
  void anEstimateEndsAfterTwoSeconds() {
    consumer.schedulePollTask(() -> append(2, 3));

    assertThat(read(new Span(2, 2, 5), Extent.SOON))
        .isEqualTo(Map.of(ZERO, new Unapplied(Instant.ofEpochMilli(2), 0, 2, false)));
  }

  @Test
  void whatIsNotSentStaysUnknown() {
    assertThat(read(new Span(2, 2, 5), Extent.ALL)).isEmpty();
  }

  private Map<TopicPartition, Unapplied> read(Span span, Extent extent) {
    return unapplied.read(Map.of(ZERO, span), extent, IsolationLevel.READ_COMMITTED);
  }

  /** Records whose time is their offset. */
  private void append(long... offsets) {
    for (long offset : offsets) {
      consumer.addRecord(
          new ConsumerRecord<>(
              ZERO.topic(),
              ZERO.partition(),
              offset,
              offset,
              TimestampType.LOG_APPEND_TIME,
              0,
              0,
              new byte[0],
              new byte[0],
              new RecordHeaders(),
              Optional.empty()));
    }
  }
}
