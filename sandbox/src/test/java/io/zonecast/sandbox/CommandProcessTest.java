package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandProcessTest {
  private static final List<String> TALKS =
      List.of("sh", "-c", "while true; do echo ho >&2; sleep 0.02; done");

  @Test
  void whatItSaysOnStderrCanBeReadWhileItRuns() {
    try (CommandProcess process = CommandProcess.start(TALKS)) {
      await().untilAsserted(() -> assertThat(process.errors()).contains("ho"));
      assertThat(process.isAlive()).isTrue();
    }
  }

  @Test
  void oneThatIsPausedSaysNothingUntilItGoesOn() {
    try (CommandProcess process = CommandProcess.start(TALKS)) {
      await().until(() -> !process.errors().isEmpty());

      process.pause();

      int said = process.errors().size();
      await()
          .during(Duration.ofMillis(200))
          .untilAsserted(() -> assertThat(process.errors()).hasSize(said));
      process.resume();
      await().untilAsserted(() -> assertThat(process.errors()).hasSizeGreaterThan(said));
    }
  }

  @Test
  void closingEndsItHoweverItStands() {
    CommandProcess process = CommandProcess.start(TALKS);
    process.pause();

    process.close();

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void oneThatEndsByItselfIsSeenToHaveEnded() {
    try (CommandProcess process = CommandProcess.start(List.of("true"))) {
      await().until(() -> !process.isAlive());
    }
  }
}
