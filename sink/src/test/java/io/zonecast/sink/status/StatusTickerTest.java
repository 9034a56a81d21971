package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.monitor.Contact;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.cache.SetManyResult;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusTickerTest {
  private final Clock noon = Clock.fixed(Reports.NOON, ZoneOffset.UTC);
  private final SinkFigures figures = new SinkFigures(Map.of("group", "g"), List.of("a"), noon);
  private SinkStatus now = new SinkStatus(false, Set.of(), List.of(), Map.of());
  private final StatusTicker ticker =
      new StatusTicker(
          figures, () -> now, new Readiness(() -> now, "g", Contact.withKafka("k:9092"), noon));

  @Test
  void eachSecondHasItsOwnEntriesAndItsSlowestRecord() {
    figures.took("a", new SetManyResult.Stored(5), 5, 1);
    figures.acknowledged(2, Reports.NOON.toEpochMilli() - 7);
    figures.acknowledged(3, Reports.NOON.toEpochMilli() - 4);
    ticker.run();
    ticker.run();

    assertThat(ticker.lastMinute().seconds())
        .containsExactly(
            new LastMinute.Second(5, 0, Duration.ofMillis(7)), new LastMinute.Second(0, 0, null));
  }

  @Test
  void noMoreThanAMinuteIsKept() {
    for (int second = 0; second < 61; second++) {
      ticker.run();
    }

    assertThat(ticker.lastMinute().seconds()).hasSize(60);
  }

  @Test
  void moreThanOneInAHundredDeadLetteredInAMinuteIsTooMuch() {
    figures.took("a", new SetManyResult.Stored(99), 99, 1);
    figures.putAside(2, 1, 5, "no Avro");
    ticker.run();
    assertThat(ticker.lastMinute().tooManyDeadLettered()).isEmpty();

    figures.putAside(2, 1, 6, "no Avro");
    ticker.run();

    assertThat(ticker.lastMinute().deadLetteredShare()).isEqualTo(2.0 / 101);
    assertThat(ticker.lastMinute().tooManyDeadLettered())
        .isEqualTo("1.98 % of the last minute's records were dead-lettered");
  }

  @Test
  void whatWasDeadLetteredMoreThanAMinuteAgoIsForgotten() {
    figures.putAside(2, 50_000, 5, "no Avro");
    ticker.run();
    assertThat(ticker.lastMinute().deadLetteredShare()).isEqualTo(1);

    for (int second = 0; second < LastMinute.SECONDS; second++) {
      ticker.run();
    }

    assertThat(ticker.lastMinute().deadLetteredShare()).isZero();
    assertThat(ticker.lastMinute().tooManyDeadLettered()).isEmpty();
  }

  @Test
  void whatIsOnlyToldOnAskingBecomesNews() {
    now = new SinkStatus(true, Set.of(0, 1, 2, 5), List.of(), Map.of());
    ticker.run();
    now = Reports.waiting(Reports.AT_7);
    ticker.run();
    now = new SinkStatus(true, Set.of(), List.of(), Map.of());
    ticker.run();

    assertThat(figures.latest())
        .extracting(RecentEvents.Entry::text)
        .containsExactly(
            "Partition 3 goes on",
            "In the group; no partition is this sink's",
            "Partition 3 waits at offset 7: schema id 12 is not known",
            "This sink keeps partition 3",
            "This sink keeps partitions 0–2, 5");
  }
}
