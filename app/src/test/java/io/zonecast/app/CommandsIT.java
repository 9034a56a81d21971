package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, one after the other, as a user runs them, on a real broker and real nodes. */
class CommandsIT {
  @TempDir private Path directory;
  private CommandStage stage;

  @BeforeEach
  void setTheStage() {
    stage = new CommandStage(directory);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aPublishedTableIsPlannedAndPublishedOnce() throws IOException {
    Path table = stage.write("usps.csv", CommandStage.TABLE);

    JsonNode plan = stage.ran("plan", table.toString(), "--json").json();
    JsonNode first = stage.ran("publish", table.toString(), "--json").json();
    JsonNode second = stage.ran("publish", table.toString(), "--json").json();

    assertThat(counts(plan)).isEqualTo("rows 3 added 3 changed 0 removed 0 unchanged 0");
    assertThat(plan.get("changes").get(0).get("key").asText()).isEqualTo("usps:005:006");
    assertThat(counts(first)).isEqualTo("rows 3 added 3 changed 0 removed 0 unchanged 0");
    assertThat(first.get("bytes").asLong()).isPositive();
    assertThat(first.get("seconds").asDouble()).isPositive();
    assertThat(counts(second)).isEqualTo("rows 3 added 0 changed 0 removed 0 unchanged 3");
  }

  @Test
  void aRefusedPublishExitsWith3AndPublishesNothing() throws IOException {
    Path bad = stage.write("bad.csv", CommandStage.TABLE + "usps,005,011,\n");

    Ran refused = stage.run("publish", bad.toString(), "--json");
    Ran plan = stage.run("plan", bad.toString());
    Ran skipped = stage.run("publish", bad.toString(), "--skip-bad-rows", "--json");

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.json().get("rejected").asLong()).isOne();
    assertThat(refused.json().get("refusals").get(0).get("option").asText())
        .isEqualTo("--skip-bad-rows");
    assertThat(refused.err()).contains("line 5").contains("refused: 1 bad row");
    assertThat(plan.exitCode()).isEqualTo(3);
    assertThat(skipped.exitCode()).isEqualTo(4);
    assertThat(skipped.json().get("added").asLong()).isEqualTo(3);
  }

  @Test
  void allChangesAreListedWhereAskedFor() throws IOException {
    Path table = stage.write("usps.csv", CommandStage.TABLE);
    Path list = directory.resolve("changes.csv");

    Ran plan = stage.run("plan", table.toString(), "--list", list.toString());

    assertThat(plan.out()).contains("usps:005:010 - → 2 *");
    assertThat(Files.readAllLines(list)).hasSize(4);
  }

  @Test
  void lagThatIsWatchedIsOneJsonDocumentALine() throws Exception {
    stage.publishTheTable();
    stage.ran("rebuild");
    try (RunHere lag = RunHere.start(stage.environment, "lag", "--watch=200ms", "--json")) {
      await().atMost(Duration.ofSeconds(60)).until(() -> lag.out().lines().count() > 3);

      List<JsonNode> looks = new ArrayList<>();
      for (String line : lag.out().lines().limit(3).toList()) {
        looks.add(new ObjectMapper().readTree(line));
      }

      assertThat(looks)
          .extracting(look -> look.get("verdict").asText())
          .allMatch(List.of("NO_SINK", "NEVER_RAN")::contains);
      assertThat(looks)
          .extracting(look -> Instant.parse(look.get("time").asText()))
          .doesNotHaveDuplicates()
          .isSorted();
    }
  }

  @Test
  void aSinkSaysOfANodeThatWasDownFromTheBeginning() throws Exception {
    stage.publishTheTable();
    try (RunHere sink = RunHere.start(stage.with("ZONECAST_MEMCACHED", "127.0.0.1:1"), "sink")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sink.err().contains("node=127.0.0.1:1 state=DOWN"));
    }
  }

  @Test
  void otherSettingsThanTheCachesAreRefused() throws Exception {
    stage.publishTheTable();
    stage.ran("rebuild");

    Ran get = stage.run("get", "usps", "005", "010", "--key-prefix", ":1:zone:");
    Ran lag = stage.run("lag", "--client-flags", "16");
    Ran rebuild = stage.run("rebuild", "--placement", "ketama");
    String turned = stage.nodes.get(1).address() + "," + stage.nodes.get(0).address();
    Ran getOfTurned = stage.run("get", "usps", "005", "010", "--memcached", turned);
    Ran rebuildOfTurned = stage.run("rebuild", "--memcached", turned);
    Ran rebuildOfOne = stage.run("rebuild", "--memcached", stage.nodes.get(0).address());

    for (Ran refused : List.of(get, lag, rebuild, getOfTurned, rebuildOfTurned, rebuildOfOne)) {
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err().lines()).hasSize(1);
      assertThat(refused.err()).contains("was written with other settings");
    }
  }

  @Test
  void theSameNodesByOtherNamesAreReadAsAnApplicationDoes() throws Exception {
    stage.publishTheTable();
    stage.ran("rebuild");
    String others =
        "localhost:%d,localhost:%d".formatted(stage.nodes.get(0).port(), stage.nodes.get(1).port());

    assertThat(stage.ran("get", "usps", "005", "010", "--memcached", others).out())
        .isEqualTo("2\n");
  }

  @Test
  void aRebuildThatOneNodeRefusesLeavesTheOthersAsTheyAre() throws Exception {
    stage.publishTheTable();
    stage.ran("rebuild");
    List<String> held = held(stage.nodes.get(0));
    assertThat(held).isNotEmpty();
    // The second one is another's from now on.
    try (NodeConnection second =
        NodeConnection.open(
            NodeAddress.parse(stage.nodes.get(1).address()), ConnectionSettings.DEFAULT)) {
      second.flushAll();
    }
    stage.ran("rebuild", "--memcached", stage.nodes.get(1).address(), "--key-prefix", "other:");

    Ran refused = stage.run("rebuild", "--flush", "--yes", "--json");

    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("node " + stage.nodes.get(1).address());
    assertThat(held(stage.nodes.get(0))).isEqualTo(held);
  }

  @Test
  void anotherTablesNodesAreRefusedUntilTheyAreTakenOver() throws Exception {
    stage.publishTheTable();
    stage.ran("rebuild");
    List<String> held = held(stage.nodes.get(0));
    Map<String, String> staging = stagingTable();

    List<Ran> refused =
        List.of(
            stage.run(staging, "sink", "--http", "none"),
            stage.run(staging, "rebuild"),
            stage.run(staging, "rebuild", "--flush", "--yes"),
            stage.run(staging, "verify"),
            stage.run(staging, "verify", "--repair"),
            stage.run(staging, "get", "ups", "980", "005"),
            stage.run(staging, "rebuild", "--drop-prefix", "zone:", "--key-prefix", "z:", "--yes"));

    for (Ran each : refused) {
      assertThat(each.exitCode()).as(each.err()).isEqualTo(2);
      assertThat(each.err()).contains("staging-of-" + stage.topic);
    }
    assertThat(held(stage.nodes.get(0))).isEqualTo(held);
    Ran unasked = stage.run(staging, "rebuild", "--take-over");
    assertThat(unasked.exitCode()).isEqualTo(2);
    assertThat(unasked.err()).contains("--yes");

    Ran taken = stage.run(staging, "rebuild", "--take-over", "--yes");

    assertThat(taken.exitCode()).as(taken.err()).isZero();
    assertThat(taken.err()).contains("of topic " + stage.topic + ", group group-of-" + stage.topic);
    assertThat(stage.run(staging, "get", "ups", "980", "005").out()).isEqualTo("007\n");
    assertThat(held(stage.nodes.get(0))).isEmpty();
    assertThat(stage.run("verify", "--repair").exitCode()).isEqualTo(2);
    assertThat(stage.run("lag").out()).contains(stage.topic + "-staging");
  }

  @Test
  void aTakeOverThatOneNodeRefusesTakesNone() throws Exception {
    String theirs = stage.nodes.get(0).address();
    String ours = stage.nodes.get(1).address();
    stage.publishTheTable();
    stage.ran("rebuild", "--memcached", theirs);
    Map<String, String> staging = stagingTable();
    assertThat(stage.run(staging, "rebuild", "--memcached", ours).exitCode()).isZero();

    Ran refused = stage.run(staging, "rebuild", "--take-over", "--yes", "--client-flags", "16");

    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("node " + ours, "was written with other settings");
    assertThat(stage.ran("get", "usps", "005", "010", "--memcached", theirs).out())
        .isEqualTo("2\n");
  }

  /** Publishes a table of another topic, and answers the environment of its commands. */
  private Map<String, String> stagingTable() throws IOException {
    Map<String, String> staging = stage.with("ZONECAST_TOPIC", stage.topic + "-staging");
    staging.put("ZONECAST_GROUP", "staging-of-" + stage.topic);
    Path other = stage.write("other.csv", "carrier,origin,destination,zone\nups,980,005,007\n");
    assertThat(stage.run(staging, "publish", other.toString()).exitCode()).isZero();
    return staging;
  }

  private static List<String> held(MemcachedNode node) throws IOException {
    try (NodeConnection connection =
        NodeConnection.open(NodeAddress.parse(node.address()), ConnectionSettings.DEFAULT)) {
      return connection
          .readEntries(List.of("zone:usps:005:006", "zone:usps:005:010", "zone:usps:006:005"))
          .stream()
          .filter(VersionedEntry.Present.class::isInstance)
          .map(VersionedEntry::key)
          .toList();
    }
  }

  @Test
  void aRebuildFillsTheNodesWithoutARunningSink() throws IOException {
    stage.publishTheTable();

    JsonNode rebuilt = stage.ran("rebuild", "--json").json();

    assertThat(rebuilt.get("byRunningSinks").asBoolean()).isFalse();
    assertThat(rebuilt.get("nodes")).hasSize(2);
    assertThat(stage.ran("get", "usps", "005", "006").out()).isEqualTo("A\n");
  }

  @Test
  void aStrictRebuildFillsNoNodeThatIsTooSmall() throws Exception {
    Path table = directory.resolve("sample.csv");
    stage.ran("sample", "--rows", "60000", "--out", table.toString());
    stage.ran("publish", table.toString());
    try (MemcachedNode small = Servers.shared().memcached("-m", "2")) {
      Ran refused =
          stage.run(
              stage.with("ZONECAST_MEMCACHED", small.address()),
              "rebuild",
              "--strict-memory",
              "--json");

      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
      assertThat(refused.json().get("outcome").asText()).isEqualTo("REFUSED");
      assertThat(refused.json().get("reason").asText()).contains(small.address());
      assertThat(refused.err())
          .contains("nothing was filled there: memcached " + small.address())
          .containsPattern("it has 2: start it with -m \\d+ or add a node");
    }
  }

  @Test
  void aFlushIsNotDoneUnasked() {
    Ran ran = stage.run("rebuild", "--flush");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--yes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zone", "json"})
  void whatIsNoZoneIsAnErrorAndReachesNoTerminalAsItIs(String format) throws Exception {
    String entry = "\u001b[2J\u001b]0;mine";
    String key = "zone:usps:005:010";
    for (MemcachedNode node : stage.nodes) {
      CommandStage.ask(node, "set %s 0 0 %d\r\n%s\r\n".formatted(key, entry.length(), entry));
    }

    Ran ran = stage.run("get", "usps", "005", "010", "--value-format", format);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .singleElement(STRING)
        .contains("entry " + key, "\\x1b[2J", "--value-format")
        .doesNotContain("\u001b");
  }

  @Test
  void everyFormatOfAValueIsReadBackAsTheZone() throws Exception {
    stage.publishTheTable();
    Consumer<String> isRead =
        format -> {
          Map<String, String> own = stage.with("ZONECAST_VALUE_FORMAT", format);
          own.put("ZONECAST_GROUP", "group-" + format + "-of-" + stage.topic);
          own.put("ZONECAST_KEY_PREFIX", format + ":");
          assertThat(stage.run(own, "rebuild").exitCode()).isZero();

          assertThat(stage.run(own, "get", "usps", "005", "010").out()).isEqualTo("2\n");
        };

    List.of("zone", "json", "avro").forEach(isRead);
  }

  private static String counts(JsonNode answer) {
    StringBuilder counts = new StringBuilder();
    for (String key : List.of("rows", "added", "changed", "removed", "unchanged")) {
      counts
          .append(counts.length() == 0 ? "" : " ")
          .append(key)
          .append(' ')
          .append(answer.get(key));
    }
    return counts.toString();
  }
}
