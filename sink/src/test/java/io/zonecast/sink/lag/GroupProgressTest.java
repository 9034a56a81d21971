package io.zonecast.sink.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.lag.UnappliedRecords.Unapplied;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupProgressTest {
  private static final TopicPartition PARTITION = new TopicPartition("zones", 3);
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final long TWO_SECONDS = Duration.ofSeconds(2).toNanos();

  @Test
  void aGroupThatMovesIsCatchingUp() {
    GroupProgress movement =
        new GroupProgress(
            sample(0, 100L, 0, 1_000, 1_000),
            sample(TWO_SECONDS, 300L, 0, 1_000, 1_000),
            Map.of(PARTITION, new Unapplied(NOW.minusSeconds(7), 20, 80, true)),
            Map.of(),
            Set.of(),
            Set.of());

    PartitionLag lag = lag(movement);

    assertThat(lag.state()).isEqualTo(PartitionState.CATCHING_UP);
    assertThat(lag.behindRecordsAtMost()).isEqualTo(700);
    assertThat(lag.behindFor()).isEqualTo(Duration.ofSeconds(7));
    assertThat(lag.offsets().perSecond()).isEqualTo(100.0);
    // 20 records in 2 s, so 80 take 8 s; by offsets it would be 7.
    assertThat(movement.left()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void aGroupThatStandsStillIsStalledAndHasNoTimeLeft() {
    GroupProgress movement =
        new GroupProgress(
            sample(0, 100L, 0, 1_000, 1_000),
            sample(TWO_SECONDS, 100L, 0, 1_000, 1_000),
            Map.of(PARTITION, new Unapplied(NOW.minusSeconds(240), 0, 900, true)),
            Map.of(),
            Set.of(),
            Set.of());

    assertThat(lag(movement).state()).isEqualTo(PartitionState.STALLED);
    assertThat(movement.left()).isNull();
  }

  @Test
  void aPartitionThatANodeIsFilledWithIsNotStalledAlthoughNothingIsCommitted() {
    GroupProgress movement =
        new GroupProgress(
            sample(0, 0L, 0, 1_000, 1_000),
            sample(TWO_SECONDS, 0L, 0, 1_000, 1_000),
            Map.of(PARTITION, new Unapplied(NOW.minusSeconds(240), 0, 900, true)),
            Map.of(),
            Set.of(PARTITION),
            Set.of());

    assertThat(lag(movement).state()).isEqualTo(PartitionState.CATCHING_UP);
    // The fill itself says how long.
    assertThat(movement.left()).isZero();
  }

  @Test
  void aPartitionThatWaitsAtARecordOnANodeHasNotCaughtUpThoughTheGroupHas() {
    GroupSample sample = sample(0, 1_000L, 0, 1_000, 1_000);
    GroupProgress movement =
        new GroupProgress(sample, sample, Map.of(), Map.of(), Set.of(PARTITION), Set.of(PARTITION));

    assertThat(lag(movement).state()).isEqualTo(PartitionState.STALLED);
  }

  @Test
  void aGroupThatAppliedWhatWasThereKeepsPaceHoweverMuchCameMeanwhile() {
    GroupProgress movement =
        new GroupProgress(
            sample(0, 990L, 0, 1_000, 1_000),
            sample(TWO_SECONDS, 1_990L, 0, 2_000, 2_000),
            Map.of(PARTITION, new Unapplied(NOW.minusMillis(20), 1_000, 10, true)),
            Map.of(),
            Set.of(),
            Set.of());

    assertThat(lag(movement).state()).isEqualTo(PartitionState.CAUGHT_UP);
  }

  @Test
  void gapsAtTheEndAreNoLag() {
    GroupSample sample = sample(0, 998L, 0, 1_000, 1_000);
    GroupProgress movement =
        new GroupProgress(
            sample, sample, Map.of(PARTITION, Unapplied.NOTHING), Map.of(), Set.of(), Set.of());

    PartitionLag lag = lag(movement);

    assertThat(lag.state()).isEqualTo(PartitionState.CAUGHT_UP);
    assertThat(lag.behindRecordsAtMost()).isZero();
    assertThat(lag.behindFor()).isZero();
  }

  @Test
  void whatAnOpenTransactionHoldsIsAsOldAsItsFirstRecord() {
    GroupSample sample = sample(0, 900L, 0, 900, 1_000);
    GroupProgress movement =
        new GroupProgress(
            sample,
            sample,
            Map.of(),
            Map.of(PARTITION, new Unapplied(NOW.minusSeconds(22), 0, 1, false)),
            Set.of(),
            Set.of());

    PartitionLag lag = lag(movement);

    assertThat(lag.state()).isEqualTo(PartitionState.HELD);
    assertThat(lag.heldBy()).isEqualTo("somebody");
    assertThat(lag.behindFor()).isEqualTo(Duration.ofSeconds(22));
    assertThat(lag.behindRecordsAtMost()).isEqualTo(100);
  }

  @Test
  void whatCouldNotBeReadIsUnknown() {
    GroupSample sample = sample(0, 100L, 0, 1_000, 1_000);
    GroupProgress movement =
        new GroupProgress(sample, sample, Map.of(), Map.of(), Set.of(), Set.of());

    assertThat(lag(movement).behindFor()).isNull();
    assertThat(lag(movement).behindRecordsAtMost()).isEqualTo(900);
  }

  @Test
  void aCommitBeyondTheEndBelongsToAnotherTopic() {
    GroupSample sample = sample(0, 5_000L, 0, 1_000, 1_000);
    GroupProgress movement =
        new GroupProgress(sample, sample, Map.of(), Map.of(), Set.of(), Set.of());

    assertThat(lag(movement).state()).isEqualTo(PartitionState.UNKNOWN);
    assertThat(lag(movement).behindRecordsAtMost()).isNull();
  }

  @Test
  void aClockBehindTheBrokersIsNoNegativeLag() {
    GroupProgress movement =
        new GroupProgress(
            sample(0, 100L, 0, 1_000, 1_000),
            sample(TWO_SECONDS, 100L, 0, 1_000, 1_000),
            Map.of(PARTITION, new Unapplied(NOW.plusSeconds(3), 0, 900, true)),
            Map.of(),
            Set.of(),
            Set.of());

    assertThat(lag(movement).behindFor()).isZero();
  }

  private static PartitionLag lag(GroupProgress movement) {
    return movement.lag(PARTITION, NOW, "member", "somebody", false);
  }

  private static GroupSample sample(
      long nanos, @Nullable Long committed, long start, long stable, long end) {
    return new GroupSample(
        nanos, true, Map.of(PARTITION, new GroupSample.At(start, stable, end, committed)));
  }
}
