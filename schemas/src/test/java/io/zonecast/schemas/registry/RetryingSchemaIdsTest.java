package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryingSchemaIdsTest {
  private final FlakySchemaIds source = new FlakySchemaIds();
  private final List<Duration> waits = new ArrayList<>();
  private long nanoTime;

  @Test
  void aRegistryThatComesBackIsAskedUntilItAnswers() {
    source.failTimes(2, new RegistryUnavailableException("down"));

    retrying(5, Duration.ofMinutes(1)).schemaOf(1);

    assertThat(source.questions()).isEqualTo(3);
    assertThat(waits).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
  }

  @Test
  void waitsGrowToTheLongestAndRetriesEnd() {
    source.failTimes(99, new RegistryUnavailableException("down"));

    assertThatThrownBy(() -> retrying(4, Duration.ofMinutes(1)).schemaOf(1)).hasMessage("down");

    assertThat(waits).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 400L);
  }

  @Test
  void noRetryBeginsAfterTheDeadline() {
    source.failTimes(99, new RegistryUnavailableException("down"));

    assertThatThrownBy(() -> retrying(99, Duration.ofSeconds(1)).schemaOf(1)).hasMessage("down");

    assertThat(waits).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L);
  }

  @Test
  void aRefusalIsNotRepeated() {
    source.failTimes(1, new RegistryRefusedException("answers 401"));

    assertThatThrownBy(() -> retrying(5, Duration.ofMinutes(1)).schemaOf(1))
        .isInstanceOf(RegistryRefusedException.class);

    assertThat(source.questions()).isEqualTo(1);
  }

  @Test
  void anUnknownIdIsNotRepeated() {
    source.failTimes(1, new UnknownSchemaIdException(1, "unknown"));

    assertThatThrownBy(() -> retrying(5, Duration.ofMinutes(1)).schemaOf(1))
        .isInstanceOf(UnknownSchemaIdException.class);

    assertThat(source.questions()).isEqualTo(1);
  }

  private RetryingSchemaIds retrying(int maxRetries, Duration deadline) {
    RetryPolicy policy =
        new RetryPolicy(maxRetries, Duration.ofMillis(100), Duration.ofMillis(400), deadline);
    return new RetryingSchemaIds(
        source,
        policy,
        () -> nanoTime,
        wait -> {
          waits.add(wait);
          nanoTime += wait.toNanos();
        });
  }
}
