package io.zonecast.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecondsHistogramTest {
  private final SecondsHistogram histogram = new SecondsHistogram(new double[] {0.01, 1});

  @Test
  void aDurationOnABoundLiesInItsBucket() {
    histogram.record(Duration.ofMillis(10));
    histogram.record(Duration.ofMillis(11));

    assertThat(histogram.counts()).containsExactly(1, 1, 0);
  }

  @Test
  void whatIsLongerThanAllBoundsLiesInTheLastBucket() {
    histogram.record(Duration.ofDays(1), 500_000);

    assertThat(histogram.counts()).containsExactly(0, 0, 500_000);
    assertThat(histogram.seconds()).isEqualTo(86_400.0 * 500_000);
  }

  @Test
  void whatSeemsToEndBeforeItBeganTookNothing() {
    histogram.record(Duration.ofSeconds(-3));

    assertThat(histogram.counts()).containsExactly(1, 0, 0);
    assertThat(histogram.seconds()).isZero();
  }
}
