package io.zonecast.sink.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Which of two members with different lists of nodes is the one to stop. */
class SettingsInForceTest {
  private static final long NOW = 1_790_000_000_000L;
  private static final WrittenWith TWO = pool("a:1", "b:1");
  private static final WrittenWith THREE = pool("a:1", "b:1", "c:1");

  private final SettingsInForce ours = inForce(THREE, NOW);

  @Test
  void aListThatNobodyHasWrittenWithIsInForceFromNowOn() {
    ours.learn(List.of());

    assertThat(ours.sinceMillis()).isEqualTo(NOW);
  }

  @Test
  void aRestartMakesAListNoNewer() {
    ours.learn(List.of(written(THREE, 7), written(THREE, 9)));

    assertThat(ours.sinceMillis()).isEqualTo(9);
  }

  @Test
  void aListIsNewerThanTheOneItReplacesWhateverTheClocksSay() {
    ours.learn(List.of(written(TWO, NOW + 60_000)));

    assertThat(ours.sinceMillis()).isEqualTo(NOW + 60_001);
  }

  @Test
  void takingAPartitionOverDoesNotMakeTheOlderListTheNewer() {
    SettingsInForce old = inForce(TWO, NOW);
    old.learn(List.of(written(TWO, 5)));

    old.learn(List.of(written(THREE, NOW)));

    assertThat(old.sinceMillis()).isEqualTo(5);
    assertThat(old.areOlderThan(written(THREE, NOW))).isTrue();
  }

  @Test
  void whatAnEarlierVersionWroteSaysNothing() {
    ours.learn(List.of(written(THREE, 0)));

    assertThat(ours.sinceMillis()).isEqualTo(NOW);
  }

  @Test
  void beforeTheFirstLookNothingIsOlder() {
    assertThat(ours.areOlderThan(written(TWO, NOW + 1))).isFalse();
  }

  @Test
  void inTheSameMillisecondOneOfTheTwoStops() {
    SettingsInForce other = inForce(TWO, NOW);
    ours.learn(List.of());
    other.learn(List.of());

    assertThat(ours.areOlderThan(written(TWO, NOW)))
        .isNotEqualTo(other.areOlderThan(written(THREE, NOW)));
  }

  private static SettingsInForce inForce(WrittenWith writtenWith, long now) {
    return new SettingsInForce(writtenWith, Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC));
  }

  private static WrittenWith pool(String... nodes) {
    return new WrittenWith("zone:", "zone", 0, "modulo", List.of(nodes));
  }

  private static Checkpoint written(WrittenWith writtenWith, long since) {
    return Checkpoint.filling(new Uuid(1, 2), 0, "10.0.0.7:1", writtenWith, since, List.of());
  }
}
