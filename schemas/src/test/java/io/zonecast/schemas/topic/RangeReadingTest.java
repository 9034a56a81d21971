package io.zonecast.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class RangeReadingTest {
  private static final TopicPartition ZERO = new TopicPartition("zones", 0);
  private static final TopicPartition ONE = new TopicPartition("zones", 1);

  private final Log consumer = new Log();
  private final List<String> seen = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  private final Patience patience =
      Patience.ofAMinute(this::aLittleLater, (behind, again) -> false);

  @Test
  void itReadsFromTheStartOfEachRangeToItsEnd() {
    consumer.has(ZERO, 0, 1, 2, 3, 4);
    consumer.has(ONE, 0, 1, 2);

    RangeReading<String, String> reading = reading(Map.of(ZERO, 1L, ONE, 0L), ends(4, 2));
    reading.toEnd(patience, this::see);

    assertThat(seen).containsExactlyInAnyOrder("0@1", "0@2", "0@3", "1@0", "1@1");
    assertThat(reading.isDone()).isTrue();
  }

  @Test
  void aRangeThatEndsInAGapIsReadToItsEnd() {
    consumer.has(ZERO, 0, 2, 7);

    RangeReading<String, String> reading = reading(Map.of(ZERO, 0L), ends(5, 0));
    reading.toEnd(patience, this::see);

    assertThat(seen).containsExactly("0@0", "0@2");
    assertThat(reading.position(ZERO)).isGreaterThanOrEqualTo(5);
  }

  @Test
  void whereNothingIsLeftNothingIsPolled() {
    RangeReading<String, String> reading = reading(Map.of(ZERO, 3L), ends(3, 0));
    reading.toEnd(patience, this::see);

    assertThat(consumer.polls).isZero();
    assertThat(reading.position(ZERO)).isEqualTo(3);
  }

  @Test
  void whatHasBeenReadIsFetchedNoMore() {
    consumer.has(ZERO, 0);
    consumer.has(ONE, 0, 1, 2);
    consumer.mostRecords = 1;

    reading(Map.of(ZERO, 0L, ONE, 0L), ends(1, 3)).toEnd(patience, this::see);

    assertThat(consumer.assigned.get(0)).containsExactlyInAnyOrder(ZERO, ONE);
    assertThat(consumer.assigned.get(consumer.assigned.size() - 1)).containsExactly(ONE);
  }

  @Test
  void anEndThatMovesDownEndsTheReadingThere() {
    consumer.has(ZERO, 0, 1, 2, 3);
    AtomicLong end = new AtomicLong(4);

    new RangeReading<>(consumer, Map.of(ZERO, 0L), partition -> end.get())
        .toEnd(
            patience,
            record -> {
              see(record);
              end.set(record.offset() == 1 ? 2 : end.get());
            });

    assertThat(seen).containsExactly("0@0", "0@1");
  }

  @Test
  void aLogThatBeginsBehindTheRangeIsNotWaitedFor() {
    consumer.updateBeginningOffsets(Map.of(ZERO, 5L));
    consumer.assign(List.of(ZERO));

    RangeReading<String, String> reading = reading(Map.of(ZERO, 0L), ends(5, 0));
    consumer.outOfRange(ZERO);
    reading.toEnd(patience, this::see);

    assertThat(seen).isEmpty();
    assertThat(reading.position(ZERO)).isEqualTo(5);
  }

  @Test
  void progressIsToldAtTheStartAndAfterEachStep() {
    consumer.has(ZERO, 0, 1, 2);
    consumer.mostRecords = 1;
    List<String> told = new ArrayList<>();

    reading(Map.of(ZERO, 0L), ends(3, 0))
        .toEnd(patience, this::see, (done, total) -> told.add(done + "/" + total));

    assertThat(told).containsExactly("0/3", "1/3", "2/3", "3/3");
  }

  @Test
  void aReadingThatGetsNothingNamesWhereItStandsAndForHowLong() {
    consumer.has(ZERO, 0);

    RangeReading<String, String> reading = reading(Map.of(ZERO, 0L), ends(3, 0));

    assertThatThrownBy(
            () -> reading.toEnd(Patience.of(Duration.ofSeconds(7), this::aLittleLater), this::see))
        .isInstanceOf(TimeoutException.class)
        .hasMessage(
            "zones-0: the brokers have sent nothing for 7 s, at offset 1 of 3, and the cause is"
                + " unknown; see whether they are up, then try again");
    assertThat(seen).containsExactly("0@0");
  }

  @Test
  void aReasonThatWillEndByItselfIsWaitedFor() {
    List<Boolean> again = new ArrayList<>();
    Patience explained =
        Patience.ofAMinute(
            this::aLittleLater,
            (behind, asked) -> {
              assertThat(behind).isEqualTo(Map.of(ZERO, 0L));
              again.add(asked);
              if (again.size() == 20) {
                consumer.has(ZERO, 0);
              }
              return true;
            });

    reading(Map.of(ZERO, 0L), ends(1, 0)).toEnd(explained, this::see);

    assertThat(seen).containsExactly("0@0");
    assertThat(again).hasSize(20).startsWith(false, true);
  }

  @Test
  void aFailureOfTheVisitorIsThrown() {
    consumer.has(ZERO, 0);
    RangeReading<String, String> reading = reading(Map.of(ZERO, 0L), ends(1, 0));

    assertThatThrownBy(
            () ->
                reading.toEnd(
                    patience,
                    record -> {
                      throw new IOException("no room");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no room");
  }

  private RangeReading<String, String> reading(
      Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends) {
    return new RangeReading<>(consumer, from, partition -> BrokerAnswers.of(ends, partition));
  }

  private static Map<TopicPartition, Long> ends(long zero, long one) {
    return Map.of(ZERO, zero, ONE, one);
  }

  private void see(ConsumerRecord<String, String> record) {
    seen.add(record.partition() + "@" + record.offset());
  }

  /** Time passes as it is looked at. */
  private long aLittleLater() {
    return nanos.addAndGet(Duration.ofSeconds(1).toNanos());
  }

  /** Kafka's own mock with a log behind it. */
  private static final class Log extends MockConsumer<String, String> {
    private final Map<TopicPartition, List<Long>> offsets = new HashMap<>();
    private final List<List<TopicPartition>> assigned = new ArrayList<>();
    private int mostRecords = Integer.MAX_VALUE;
    private int polls;

    Log() {
      super("earliest");
    }

    void has(TopicPartition partition, long... its) {
      for (long offset : its) {
        offsets.computeIfAbsent(partition, p -> new ArrayList<>()).add(offset);
      }
    }

    /** As a broker answers that no longer has what was sought. */
    void outOfRange(TopicPartition partition) {
      seekToBeginning(List.of(partition));
    }

    @Override
    public synchronized ConsumerRecords<String, String> poll(Duration timeout) {
      polls++;
      assigned.add(List.copyOf(assignment()));
      for (TopicPartition each : assignment()) {
        long position = position(each);
        offsets.getOrDefault(each, List.of()).stream()
            .filter(offset -> offset >= position)
            .limit(mostRecords)
            .forEach(
                offset ->
                    addRecord(
                        new ConsumerRecord<>(each.topic(), each.partition(), offset, "key", "")));
      }
      return super.poll(timeout);
    }
  }
}
