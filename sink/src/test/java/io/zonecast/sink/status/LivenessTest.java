package io.zonecast.sink.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.monitor.Health;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private long nowNanos = Long.MAX_VALUE - 10;
  private final long turnNanos = nowNanos;
  private final Liveness liveness = new Liveness(() -> turnNanos, () -> nowNanos);

  @Test
  void aTurnMayTakeAsLongAsTheGroupAllows() {
    nowNanos += Liveness.LONGEST_TURN.toNanos();

    assertThat(liveness.check())
        .isEqualTo(Health.Answer.ok("the poll loop began a turn 300 s ago"));
  }

  @Test
  void aLoopThatDoesNotTurnIsNotAlive() {
    nowNanos += Liveness.LONGEST_TURN.plus(Duration.ofSeconds(1)).toNanos();

    assertThat(liveness.check())
        .isEqualTo(
            Health.Answer.failing("the poll loop began a turn 301 s ago, at most 300 s are right"));
  }
}
