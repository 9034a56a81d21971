package io.zonecast.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "40, 40 ms",
    "2149, 2.1 s",
    "59999, 60.0 s",
    "60000, 1 m 00 s",
    "243000, 4 m 03 s",
    "7500000, 2 h 05 m",
    "273600000, 3 d 04 h"
  })
  void timesAreInTheUnitThatFits(long millis, String text) {
    assertThat(Figures.time(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"999, 999 B", "38123456, 38.1 MB", "2500000000, 2.5 GB"})
  void bytesAreInTheUnitThatFits(long bytes, String text) {
    assertThat(Figures.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void oneIsNotPlural() {
    assertThat(Figures.count(1, "row", "rows")).isEqualTo("1 row");
    assertThat(Figures.count(866_761, "row", "rows")).isEqualTo("866,761 rows");
  }

  @Test
  void noTimeHasNoRate() {
    assertThat(Figures.rate(5, Duration.ZERO)).isEqualTo("-");
    assertThat(Figures.rate(5, Duration.ofMillis(500))).isEqualTo("10/s");
  }
}
