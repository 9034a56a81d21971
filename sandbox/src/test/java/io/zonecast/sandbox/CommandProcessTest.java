package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> TALKS =
      List.of("sh", "-c", "while true; do echo ho >&2; sleep 0.02; done");

  @Test
  void whatItSaysOnStderrCanBeReadWhileItRuns() {
    try (CommandProcess process = CommandProcess.start("talker", TALKS)) {
      await().untilAsserted(() -> assertThat(process.errors()).contains("ho"));
      assertThat(process.isAlive()).isTrue();
    }
  }

  @Test
  void oneThatIsPausedSaysNothingUntilItGoesOn() {
    try (CommandProcess process = CommandProcess.start("talker", TALKS)) {
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
    CommandProcess process = CommandProcess.start("talker", TALKS);
    process.pause();

    process.close();

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void oneThatEndsByItselfIsSeenToHaveEnded() {
    try (CommandProcess process = CommandProcess.start("true", List.of("true"))) {
      await().until(() -> !process.isAlive());
    }
  }

  @Test
  void oneThatHasEndedLeavesItsExitCodeAndAllThatItSaid() {
    CommandProcess process =
        CommandProcess.start("answerer", List.of("sh", "-c", "echo yes; echo no >&2; exit 3"));

    assertThat(process.awaitEnd(LIMIT)).isEqualTo(new CommandProcess.Ended(3, "yes", "no"));
  }

  @Test
  void waitingForWordsOfOneThatHasEndedSaysWhatItSaid() {
    CommandProcess process = CommandProcess.start("mute", List.of("sh", "-c", "echo no >&2"));

    assertThatThrownBy(() -> process.awaitSaid("yes", LIMIT))
        .isInstanceOf(SandboxException.class)
        .hasMessage("mute has ended; it said:%nno".formatted());
  }
}
