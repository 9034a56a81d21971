package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as a process: the launcher, signals, and what stays behind. */
class ProcessIT {
  @TempDir private Path directory;

  @Test
  void theLauncherWorksThroughALinkFromAnyDirectory() throws Exception {
    Path link =
        Files.createSymbolicLink(
            directory.resolve("z"), Path.of("../zonecast").toAbsolutePath().normalize());

    try (RunningCommand version = RunningCommand.start(link, Map.of(), "--version")) {
      Ran ran = version.awaitEnd();

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out()).startsWith("zonecast ");
      assertThat(ran.err()).isEmpty();
    }
  }

  /** As an interrupt does that of {@link CommandsBesideASinkIT}. */
  @Test
  void aSignalEndsTheSinkInGoodOrder() throws Exception {
    try (MemcachedNode node = Servers.shared().memcached();
        RunningCommand sink = RunningCommand.start(environment(node), "sink")) {
      await().atMost(Duration.ofSeconds(60)).until(() -> sink.err().contains("state=IN_STEP"));

      sink.signal("TERM");
      Ran ran = sink.awaitEnd();

      assertThat(ran.exitCode()).isEqualTo(143);
      // Its partitions were given back: nobody has to wait for a session to end.
      assertThat(ran.err()).contains("revoked=[0, 1, 2, 3, 4, 5]").doesNotContain("\tat ");
    }
  }

  @Test
  void theDemoTellsTheWholeStoryAndLeavesNothing() throws Exception {
    Path table = directory.resolve("small.csv");
    try (RunningCommand sample =
        RunningCommand.start(Map.of(), "sample", "--rows", "2000", "--out", table.toString())) {
      assertThat(sample.awaitEnd().exitCode()).isZero();
    }

    try (RunningCommand demo =
        RunningCommand.start(scratch(), "demo", table.toString(), "--json")) {
      Ran ran = demo.awaitEnd();

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      JsonNode figures = ran.json();
      assertThat(figures.get("rows").asLong()).isEqualTo(2_000);
      assertThat(figures.get("publish").get("added").asLong()).isEqualTo(2_000);
      assertThat(figures.get("fill").get("rows").asLong()).isEqualTo(2_000);
      assertThat(figures.get("refill").get("rows").asLong()).isBetween(1L, 1_999L);
      assertThat(figures.get("change").get("visibleAfterSeconds").asDouble()).isLessThan(30);
      assertThat(figures.get("verdict").asText()).isEqualTo("CAUGHT_UP");
      assertThat(ran.err()).contains("1. Started a Kafka broker").contains("9. ");
    }
    assertNothingIsLeft(List.of());
  }

  /** What the demo shows where it says that its page is. */
  static String statusPageOf(RunningCommand demo) throws Exception {
    Matcher said = Pattern.compile("status page: (http://\\S+)").matcher(demo.err());
    assertThat(said.find()).as(demo.err()).isTrue();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(said.group(1))).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void theDemoEndsWhereItsTableIsRefused() throws Exception {
    Path table =
        Files.writeString(directory.resolve("t.csv"), "carrier,origin,dest,zone\na,b,c,1\na,b\n");

    try (RunningCommand demo =
        RunningCommand.start(scratch(), "demo", table.toString(), "--json")) {
      Ran ran = demo.awaitEnd();

      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(3);
      assertThat(ran.json().get("publish").get("refusals").get(0).get("guard").asText())
          .isEqualTo("BAD_ROWS");
      assertThat(ran.err()).contains("refused: 1 bad row").doesNotContain("Started a sink");
    }
    assertNothingIsLeft(List.of());
  }

  /** One that stands and is asked to end is {@link RegistryCommandsIT}'s. */
  @ParameterizedTest
  @CsvSource({"TERM, 143", "KILL, 137"})
  void aDemoThatEndsWhileItsBrokerStartsLeavesNothing(String signal, int exitCode)
      throws Exception {
    try (RunningCommand demo = RunningCommand.start(scratch(), "demo")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> directories(directory).stream().anyMatch(name -> name.contains("broker")));
      List<ProcessHandle> servers = demo.descendants();

      demo.signal(signal);

      assertThat(demo.awaitEnd().exitCode()).isEqualTo(exitCode);
      assertNothingIsLeft(servers);
    }
  }

  private Map<String, String> environment(MemcachedNode node) {
    String name = "zones-" + UUID.randomUUID();
    return Map.of(
        "ZONECAST_BOOTSTRAP_SERVERS",
        Servers.shared().broker().bootstrapServers(),
        "ZONECAST_MEMCACHED",
        node.address(),
        "ZONECAST_TOPIC",
        name,
        "ZONECAST_GROUP",
        name);
  }

  /** Has the command keep its temporary files where this test finds them. */
  private Map<String, String> scratch() {
    return Map.of("ZONECAST_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + directory);
  }

  private void assertNothingIsLeft(List<ProcessHandle> servers) {
    assertNothingIsLeft(servers, directory);
  }

  /**
   * Of a demo.
   *
   * @param scratch where it kept its temporary files
   */
  static void assertNothingIsLeft(List<ProcessHandle> servers, Path scratch) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(servers).noneMatch(ProcessHandle::isAlive);
              assertThat(directories(scratch)).isEmpty();
            });
  }

  /** The servers' directories. */
  private static List<String> directories(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(name -> name.contains("zonecast-")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
