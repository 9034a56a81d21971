package io.zonecast.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestingSchemaIdsTest {
  private final FlakySchemaIds source = new FlakySchemaIds();
  private long nanoTime;
  private final RestingSchemaIds resting =
      new RestingSchemaIds(source, Duration.ofSeconds(1), () -> nanoTime);

  @Test
  void aRegistryThatFailedIsLeftInPeaceForAWhileWhateverIsAsked() {
    source.failTimes(1, new RegistryUnavailableException("down"));

    assertThatThrownBy(() -> resting.schemaOf(1)).hasMessage("down");
    assertThatThrownBy(() -> resting.schemaOf(2)).hasMessage("down");

    assertThat(source.questions()).isEqualTo(1);
  }

  @Test
  void afterTheRestItIsAskedAgain() {
    source.failTimes(1, new RegistryUnavailableException("down"));
    assertThatThrownBy(() -> resting.schemaOf(1)).hasMessage("down");

    nanoTime += Duration.ofSeconds(1).toNanos();

    assertThat(resting.schemaOf(1)).isNotNull();
  }

  @Test
  void anUnknownIdRestsAloneAndIsFoundOnceItIsKnown() {
    source.failTimes(1, new UnknownSchemaIdException(7, "unknown"));

    assertThatThrownBy(() -> resting.schemaOf(7)).hasMessage("unknown");
    assertThatThrownBy(() -> resting.schemaOf(7)).hasMessage("unknown");
    assertThat(resting.schemaOf(8)).isNotNull();
    assertThat(source.questions()).isEqualTo(2);

    nanoTime += Duration.ofSeconds(1).toNanos();
    assertThat(resting.schemaOf(7)).isNotNull();
  }
}
