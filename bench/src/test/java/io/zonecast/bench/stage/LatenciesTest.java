package io.zonecast.bench.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void percentilesAreOfValuesThatWereMeasured() {
    for (int millis = 1; millis <= 200; millis++) {
      latencies.add(millis, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    assertThat(latencies.between(0, 1_000)).isEqualTo(new Latencies.Summary(200, 100, 198, 200));
  }

  @Test
  void anUpdateBelongsToTheTimeInWhichItWasSent() {
    latencies.add(99, TimeUnit.MILLISECONDS.toNanos(900));
    latencies.add(100, TimeUnit.MILLISECONDS.toNanos(5));
    latencies.add(199, TimeUnit.MILLISECONDS.toNanos(7));
    latencies.add(200, TimeUnit.MILLISECONDS.toNanos(900));

    assertThat(latencies.between(100, 200)).isEqualTo(new Latencies.Summary(2, 5, 7, 7));
  }

  @Test
  void aTimeWithoutUpdatesHasNone() {
    assertThat(latencies.between(0, 100).count()).isZero();
  }

  @Test
  void nothingIsForgottenHoweverMuchThereIs() {
    for (int i = 0; i < 100_000; i++) {
      latencies.add(i, 1);
    }

    assertThat(latencies.between(0, 100_000).count()).isEqualTo(100_000);
  }
}
