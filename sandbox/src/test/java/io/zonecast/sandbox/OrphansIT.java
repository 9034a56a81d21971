package io.zonecast.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers end with the JVM that started them, even if nobody could tell them to. */
class OrphansIT {

  @Test
  void nothingIsLeftWhenTheJvmIsKilled() throws IOException {
    Process owner = startOwner();
    List<ProcessHandle> children;
    try (BufferedReader lines = owner.inputReader(UTF_8)) {
      assertThat(lines.readLine()).isEqualTo(SandboxOwner.READY);
      children = owner.descendants().toList();

      owner.destroyForcibly();
    }

    assertThat(children).as("broker, two nodes and their watchdogs").hasSizeGreaterThanOrEqualTo(6);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
  }

  private static Process startOwner() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SandboxOwner.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
