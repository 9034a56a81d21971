package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookScheduleTest {
  private final LookSchedule pace = new LookSchedule();

  @Test
  void nobodyIsLookedForWhileNobodyAsks() {
    assertThat(pace.nanosUntilNext(0)).isEqualTo(LookSchedule.NEVER);
  }

  @Test
  void theFirstWhoAsksIsLookedForAtOnce() {
    pace.scrape(seconds(3));

    assertThat(pace.nanosUntilNext(seconds(3))).isZero();
  }

  @Test
  void aWatcherIsLookedForEverySecondAndAScraperEveryTen() {
    pace.scrape(0);
    pace.looked(0);
    assertThat(pace.nanosUntilNext(0)).isEqualTo(LookSchedule.SCRAPED.toNanos());

    pace.watch(0);

    assertThat(pace.nanosUntilNext(0)).isEqualTo(LookSchedule.WATCHED.toNanos());
  }

  @Test
  void whoHasGoneIsLookedForNoMore() {
    pace.watch(0);
    pace.scrape(0);
    pace.looked(0);

    assertThat(pace.nanosUntilNext(seconds(6))).isEqualTo(seconds(4));
    assertThat(pace.nanosUntilNext(seconds(121))).isEqualTo(LookSchedule.NEVER);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
