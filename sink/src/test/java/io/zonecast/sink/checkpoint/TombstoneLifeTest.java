package io.zonecast.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import java.time.Duration;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TombstoneLifeTest {
  @Test
  void aMinuteIsLeftToClocks() {
    TombstoneLife life = of(Duration.ofDays(7));

    assertThat(life.clockAllowance()).isEqualTo(Duration.ofMinutes(1));
    assertThat(life.outlives(Duration.ofDays(7).minusSeconds(61))).isTrue();
    assertThat(life.outlives(Duration.ofDays(7).minusSeconds(60))).isFalse();
  }

  @Test
  void whereTombstonesLiveShortlyATwentiethIsLeftToClocks() {
    TombstoneLife life = of(Duration.ofMinutes(2));

    assertThat(life.clockAllowance()).isEqualTo(Duration.ofSeconds(6));
    assertThat(life.beganAt(1_000_000)).isEqualTo(1_000_000 - 114_000);
  }

  @Test
  void whereTheyLiveForEverNothingIsEverMissed() {
    assertThat(of(Duration.ofMillis(Long.MAX_VALUE)).beganAt(1_000_000)).isNegative();
  }

  private static TombstoneLife of(Duration deleteRetention) {
    return TombstoneLife.in(new TopicInfo("cluster", "zones", Uuid.ONE_UUID, 1, deleteRetention));
  }
}
