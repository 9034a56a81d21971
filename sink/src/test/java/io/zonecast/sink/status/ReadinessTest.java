package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.monitor.Health;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.node.NodeStatus.State;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private SinkStatus now = new SinkStatus(false, Set.of(), List.of(), Map.of(), 0, 0);
  private final Readiness readiness =
      new Readiness(() -> now, "g", Clock.fixed(Reports.NOON, ZoneOffset.UTC));

  @Test
  void whoHasNotJoinedIsNotReady() {
    assertThat(readiness.check()).isEqualTo(Health.Answer.failing("has not joined group g yet"));
  }

  @Test
  void whoHasNothingToKeepIsReadyThoughANodeIsDown() {
    now = new SinkStatus(true, Set.of(), List.of(Reports.node("a", State.DOWN)), Map.of(), 0, 0);

    assertThat(readiness.check()).isEqualTo(Health.Answer.ok("caught up at 2026-11-22T12:00:00Z"));
  }

  @Test
  void aNodeThatIsFilledIsNamedWithHowFarItIs() {
    now = Reports.sink(Reports.node("a", State.IN_STEP), Reports.node("b", State.FILLING));

    assertThat(readiness.check())
        .isEqualTo(Health.Answer.failing("node b is FILLING, 0 of 1 partitions in step"));
  }

  @Test
  void whatIsOverHasBeenAndStays() {
    now = Reports.sink(Reports.node("a", State.IN_STEP));
    assertThat(readiness.check().ok()).isTrue();

    now = Reports.sink(Reports.node("a", State.DOWN));

    assertThat(readiness.check()).isEqualTo(Health.Answer.ok("caught up at 2026-11-22T12:00:00Z"));
  }

  @Test
  void evictionsDoNotKeepASinkFromBeingReady() {
    now = Reports.sink(Reports.node("a", State.DEGRADED));

    assertThat(readiness.check().ok()).isTrue();
  }
}
