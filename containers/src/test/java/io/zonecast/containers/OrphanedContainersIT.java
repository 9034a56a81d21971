package io.zonecast.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonecast.sandbox.Servers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** Containers end with the JVM that started them, even if nobody could tell them to. */
@Tag("containers")
class OrphanedContainersIT {

  @Test
  void noneIsLeftWhenTheJvmIsKilled() throws IOException {
    assumeTrue(
        Servers.shared().areContainers(), "it is about containers, and servers are processes");
    Process owner = startOwner();
    try (BufferedReader lines = owner.inputReader(UTF_8)) {
      String session = lines.readLine();
      assertThat(containersOf(session)).hasSize(2);

      owner.destroyForcibly();

      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(containersOf(session)).isEmpty());
    }
  }

  private static List<String> containersOf(String session) {
    String label = DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL + "=" + session;
    return DockerClientFactory.lazyClient()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(label))
        .exec()
        .stream()
        .map(container -> container.getId())
        .toList();
  }

  private static Process startOwner() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dzonecast.test.servers=containers",
            "-cp",
            System.getProperty("java.class.path"),
            ContainerOwner.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
