package io.zonecast.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SignalsTest {

  /** Without waiting, some of many threads still run when SIGSTOP has been sent. */
  @RepeatedTest(20)
  void noThreadRunsOnceAProcessIsStopped() throws IOException {
    try (CommandProcess busy =
        CommandProcess.start("busy", List.of("sh", "-c", "while :; do :; done"))) {
      Signals.stop(busy.pid());

      assertThat(Files.readString(Path.of("/proc", Long.toString(busy.pid()), "stat")))
          .contains(") T ");
    }
  }

  @Test
  void aProcessThatHasEndedTakesNone() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();

    assertThatThrownBy(() -> Signals.stop(ended.pid()))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining(Long.toString(ended.pid()))
        .hasMessageContaining("start it again");
  }
}
