package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.monitor.Contact;
import io.zonecast.monitor.Health;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.node.NodeStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Health.Answer CAUGHT_UP =
      Health.Answer.ok("caught up at 2026-11-22T12:00:00Z; Kafka at k:9092 answered 0.0 s ago");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Instant> time = new AtomicReference<>(Reports.NOON);
  private final Contact kafka = new Contact("Kafka at k:9092", "is it up?", nanos::get);
  private SinkStatus now = new SinkStatus(false, Set.of(), List.of(), Map.of());
  private final Readiness readiness = new Readiness(() -> now, "g", kafka, time::get);

  @Test
  void whoHasNotJoinedIsNotReady() {
    assertThat(readiness.check()).isEqualTo(Health.Answer.failing("has not joined group g yet"));
  }

  @Test
  void whoHasNothingToKeepIsReadyThoughANodeIsDown() {
    now = new SinkStatus(true, Set.of(), List.of(Reports.node("a", State.DOWN)), Map.of());

    assertThat(readiness.check().ok()).isTrue();
    assertThat(readiness.check().reason()).startsWith("no partition is this sink's");
  }

  @Test
  void aNodeThatIsFilledIsNamedWithHowFarItIs() {
    now = Reports.sink(Reports.node("a", State.IN_STEP), Reports.node("b", State.FILLING));

    assertThat(readiness.check())
        .isEqualTo(Health.Answer.failing("node b is FILLING, 0 of 1 partitions in step"));
  }

  /** A keeper that waits for its node's answer does not know yet that it has others to keep. */
  @Test
  void whoIsInStepWithAnotherPartitionThanItHasNowIsNotReady() {
    now = new SinkStatus(true, Set.of(4), List.of(Reports.node("a", State.IN_STEP)), Map.of());

    assertThat(readiness.check().ok()).isFalse();
  }

  @Test
  void aNodeThatLacksRowsAgainIsNamedAgain() {
    now = Reports.sink(Reports.node("a", State.IN_STEP));
    assertThat(readiness.check()).isEqualTo(CAUGHT_UP);

    now = Reports.sink(Reports.node("a", State.FILLING));

    assertThat(readiness.check())
        .isEqualTo(Health.Answer.failing("node a is FILLING, 0 of 1 partitions in step"));
  }

  @Test
  void aPartitionThatWaitsAtARecordHasNotCaughtUpWhateverWasBefore() {
    now = Reports.sink(Reports.node("a", State.IN_STEP));
    assertThat(readiness.check().ok()).isTrue();

    now = Reports.waiting(Reports.AT_7);

    assertThat(readiness.check())
        .isEqualTo(
            Health.Answer.failing("partition 3 waits at offset 7: schema id 12 is not known"));
  }

  @Test
  void whatKafkaSaidLongAgoIsNotClaimed() {
    now = Reports.sink(Reports.node("a", State.IN_STEP));
    assertThat(readiness.check()).isEqualTo(CAUGHT_UP);

    nanos.set(Duration.ofSeconds(6).toNanos());

    assertThat(readiness.check())
        .isEqualTo(Health.Answer.failing("Kafka at k:9092 has not answered for 6.0 s; is it up?"));
  }

  @Test
  void afterTroubleItHasCaughtUpOnlySinceThen() {
    now = Reports.sink(Reports.node("a", State.IN_STEP));
    assertThat(readiness.check()).isEqualTo(CAUGHT_UP);
    now = Reports.waiting(Reports.AT_7);
    assertThat(readiness.check().ok()).isFalse();

    now = Reports.sink(Reports.node("a", State.IN_STEP));
    time.set(Reports.NOON.plusSeconds(60));

    assertThat(readiness.check().reason()).startsWith("caught up at 2026-11-22T12:01:00Z");
  }

  @Test
  void evictionsDoNotKeepASinkFromBeingReady() {
    now = Reports.sink(Reports.node("a", State.DEGRADED));

    assertThat(readiness.check().ok()).isTrue();
  }
}
