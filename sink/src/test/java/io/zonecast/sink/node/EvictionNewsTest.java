package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EvictionNewsTest {
  private final EvictionNews news = new EvictionNews();

  @Test
  void theFirstEvictionsAreSaidByTheChangeOfState() {
    assertThat(at(0, 0)).isFalse();
    assertThat(at(0, 90)).isFalse();
    assertThat(at(61, 92)).isFalse();
  }

  @Test
  void evictionsThatGoOnAreSaidOnceAMinute() {
    at(61, 0);

    assertThat(at(70, 2)).isFalse();
    assertThat(at(80, 59)).isFalse();
    assertThat(at(90, 60)).isTrue();
    assertThat(at(100, 62)).isFalse();
    assertThat(at(110, 119)).isFalse();
    assertThat(at(120, 120)).isTrue();
  }

  @Test
  void aCountThatStandsIsNoNews() {
    at(61, 0);
    at(90, 60);

    assertThat(at(90, 3_600)).isFalse();
  }

  @Test
  void evictionsAfterALongPauseAreSaidAtOnce() {
    at(61, 0);

    assertThat(at(62, 3_600)).isTrue();
  }

  @Test
  void aNodeThatCountsAnewBeginsAnew() {
    at(1_000, 0);

    assertThat(at(5, 120)).isFalse();
    assertThat(at(6, 121)).isFalse();
    assertThat(at(7, 180)).isTrue();
  }

  private boolean at(long evictions, int seconds) {
    return news.isWorthALine(evictions, Duration.ofSeconds(seconds).toNanos());
  }
}
