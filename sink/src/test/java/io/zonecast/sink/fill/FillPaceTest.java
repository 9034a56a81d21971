package io.zonecast.sink.fill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FillPaceTest {
  private final FillPace pace = new FillPace();

  @ParameterizedTest
  @ValueSource(ints = {2, 60, 7_200})
  void aSteadyFillIsForetoldExactlyHoweverLongItIs(int seconds) {
    assertForetold(seconds, passed -> passed, 1.02);
  }

  @Test
  void aColdStartAtHalfTheSpeedIsForetoldWithinAFactorOfTwo() {
    // A fifth of the time at half the speed, as a cold JVM has it.
    assertForetold(5, passed -> passed < 0.2 ? passed / 1.8 : (passed - 0.1) / 0.9, 2);
  }

  @Test
  void waitingForTheFillsTurnSaysNothingOfItsPace() {
    for (int i = 0; i < 100; i++) {
      pace.reached(Duration.ofMillis(i * 100L).toNanos(), 0);
    }

    pace.reached(Duration.ofMillis(10_400).toNanos(), 0.2);

    assertThat(pace.left(Duration.ofMillis(10_400).toNanos()))
        .hasValueSatisfying(
            left -> assertThat(left).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3)));
  }

  @Test
  void timeGoesOnBetweenTheSamples() {
    pace.reached(0, 0);
    pace.reached(Duration.ofSeconds(1).toNanos(), 0.1);

    assertThat(pace.left(Duration.ofSeconds(3).toNanos()))
        .isEqualTo(Optional.of(Duration.ofSeconds(7)));
  }

  @Test
  void nothingIsForetoldBeforeAnythingMoved() {
    pace.reached(0, 0);
    pace.reached(Duration.ofSeconds(1).toNanos(), 0);

    assertThat(pace.left(Duration.ofSeconds(1).toNanos())).isEmpty();
  }

  @Test
  void aFillThatSeemsToGoBackALittleIsTheSameFill() {
    pace.reached(0, 0);
    pace.reached(Duration.ofSeconds(1).toNanos(), 0.5);

    pace.reached(Duration.ofMillis(1_100).toNanos(), 0.49);

    assertThat(pace.left(Duration.ofSeconds(1).toNanos()))
        .hasValueSatisfying(
            left -> assertThat(left).isCloseTo(Duration.ofSeconds(1), Duration.ofMillis(1)));
  }

  @Test
  void anotherFillBeginsAnew() {
    pace.reached(0, 0);
    pace.reached(Duration.ofSeconds(1).toNanos(), 0.9);

    pace.reached(Duration.ofSeconds(2).toNanos(), 0);

    assertThat(pace.left(Duration.ofSeconds(2).toNanos())).isEmpty();
  }

  @Test
  void aFillThatStopsGivesNoTimeThatIsOver() {
    pace.reached(0, 0);
    pace.reached(Duration.ofSeconds(1).toNanos(), 0.5);

    assertThat(pace.left(Duration.ofMinutes(1).toNanos())).isEqualTo(Optional.of(Duration.ZERO));
  }

  /** From 20 % on, by the most that what is said may be off, either way. */
  private void assertForetold(int seconds, DoubleUnaryOperator fraction, double factor) {
    long whole = Duration.ofSeconds(seconds).toNanos();
    for (int step = 0; step < 1_000; step++) {
      double passed = step / 1_000.0;
      long now = (long) (whole * passed);
      pace.reached(now, fraction.applyAsDouble(passed));

      if (fraction.applyAsDouble(passed) >= 0.2) {
        double truth = (1 - passed) * seconds;
        assertThat(pace.left(now))
            .hasValueSatisfying(
                left ->
                    assertThat(left.toNanos() / 1e9)
                        .as("after %.1f %%", passed * 100)
                        .isBetween(truth / factor - 0.1, truth * factor + 0.1));
      }
    }
  }
}
