package io.zonecast.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, one after the other, as a user runs them, on a real broker and real nodes. */
class CommandsIT {
  private static final String TABLE =
      """
      carrier,origin,destination,zone,flags
      usps,005,006,A,
      usps,005,010,2,*
      usps,006,005,4,
      """;

  private final String topic = "zones-" + UUID.randomUUID();
  private final List<MemcachedNode> nodes = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  @TempDir private Path directory;

  @BeforeEach
  void pointAtTheServers() {
    nodes.add(Servers.shared().memcached());
    nodes.add(Servers.shared().memcached());
    environment.put("ZONECAST_BOOTSTRAP_SERVERS", Servers.shared().broker().bootstrapServers());
    environment.put("ZONECAST_TOPIC", topic);
    environment.put("ZONECAST_GROUP", "group-of-" + topic);
    environment.put("ZONECAST_MEMCACHED", nodes.get(0).address() + "," + nodes.get(1).address());
  }

  @AfterEach
  void closeTheNodes() {
    nodes.forEach(MemcachedNode::close);
  }

  @Test
  void aPublishedTableIsPlannedAndPublishedOnce() throws IOException {
    Path table = write("usps.csv", TABLE);

    JsonNode plan = ran("plan", table.toString(), "--json").json();
    JsonNode first = ran("publish", table.toString(), "--json").json();
    JsonNode second = ran("publish", table.toString(), "--json").json();

    assertThat(counts(plan)).isEqualTo("rows 3 added 3 changed 0 removed 0 unchanged 0");
    assertThat(plan.get("changes").get(0).get("key").asText()).isEqualTo("usps:005:006");
    assertThat(counts(first)).isEqualTo("rows 3 added 3 changed 0 removed 0 unchanged 0");
    assertThat(first.get("bytes").asLong()).isPositive();
    assertThat(first.get("seconds").asDouble()).isPositive();
    assertThat(counts(second)).isEqualTo("rows 3 added 0 changed 0 removed 0 unchanged 3");
  }

  @Test
  void aRefusedPublishExitsWith3AndPublishesNothing() throws IOException {
    Path bad = write("bad.csv", TABLE + "usps,005,011,\n");

    Ran refused = run("publish", bad.toString(), "--json");
    Ran plan = run("plan", bad.toString());
    Ran skipped = run("publish", bad.toString(), "--skip-bad-rows", "--json");

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
    Path table = write("usps.csv", TABLE);
    Path list = directory.resolve("changes.csv");

    Ran plan = run("plan", table.toString(), "--list", list.toString());

    assertThat(plan.out()).contains("usps:005:010 - → 2 *");
    assertThat(Files.readAllLines(list)).hasSize(4);
  }

  @Test
  void aZoneIsReadWhereTheSinkHasPutItAndThereAloneIsNoAnswer() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());

    try (RunningCommand sink = RunningCommand.start(environment, "sink")) {
      awaitInStep();

      JsonNode there = ran("get", "usps", "005", "010", "--json").json();
      Ran absent = run("get", "usps", "005", "999", "--json");

      assertThat(there.get("zone").asText()).isEqualTo("2");
      assertThat(there.get("key").asText()).isEqualTo("zone:usps:005:010");
      assertThat(nodes).extracting(MemcachedNode::address).contains(there.get("node").asText());
      assertThat(absent.exitCode()).isEqualTo(3);
      assertThat(absent.json().get("zone").isNull()).isTrue();
      assertThat(sink.isRunning()).isTrue();
    }
  }

  @Test
  void lagTellsOfPartitionsAndNodes() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    Ran unknown = run("lag");
    Ran late = run(with("ZONECAST_GROUP", "zones-sink"), "lag", "--max-lag-seconds", "0", "--json");
    try (RunningCommand sink = RunningCommand.start(environment, "sink")) {
      awaitInStep();

      Ran text = ran("lag");
      JsonNode lag = lag();
      Ran inTime = run("lag", "--max-lag-seconds", "0");
      Ran down = run("lag", "--max-lag-seconds", "60", "--memcached", "127.0.0.1:1");

      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.err()).contains("group-of-" + topic).contains("no such group");
      assertThat(late.exitCode()).isEqualTo(3);
      assertThat(late.json().get("verdict").asText()).isEqualTo("NEVER_RAN");
      assertThat(down.exitCode()).isEqualTo(3);
      assertThat(down.out()).contains("node 127.0.0.1:1 is DOWN");
      assertThat(text.out()).startsWith("group-of-" + topic + ": CAUGHT UP\n");
      assertThat(lag.get("partitions")).hasSize(6);
      assertThat(lag.get("partitions"))
          .allSatisfy(
              partition -> {
                assertThat(partition.get("committed")).isEqualTo(partition.get("end"));
                assertThat(partition.get("behindRecordsAtMost").asLong()).isZero();
                assertThat(partition.get("behindSeconds").asDouble()).isZero();
                assertThat(partition.get("state").asText()).isEqualTo("CAUGHT_UP");
              });
      assertThat(lag.get("nodes")).hasSize(2);
      assertThat(lag.get("nodes"))
          .allSatisfy(
              node -> {
                assertThat(node.get("state").asText()).isEqualTo("IN_STEP");
                assertThat(node.get("limitBytes").asLong()).isPositive();
                assertThat(node.get("evictions").asLong()).isZero();
              });
      assertThat(inTime.exitCode()).isZero();
      assertThat(ran("lag", "--count", "--json").json().get("partitions"))
          .allSatisfy(partition -> assertThat(partition.get("behindRecords").asLong()).isZero());
      assertThat(lag.get("partitions").get(0).get("behindRecords").isNull())
          .as("nobody has counted")
          .isTrue();
      assertThat(sink.isRunning()).isTrue();
    }
  }

  @Test
  void lagThatIsWatchedIsOneJsonDocumentALine() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    ran("rebuild");
    try (RunningCommand lag = RunningCommand.start(environment, "lag", "--watch=200ms", "--json")) {
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
    ran("publish", write("usps.csv", TABLE).toString());
    try (RunningCommand sink =
        RunningCommand.start(with("ZONECAST_MEMCACHED", "127.0.0.1:1"), "sink")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sink.err().contains("node=127.0.0.1:1 state=DOWN"));
    }
  }

  @Test
  void otherSettingsThanTheCachesAreRefused() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    ran("rebuild");

    Ran get = run("get", "usps", "005", "010", "--key-prefix", ":1:zone:");
    Ran lag = run("lag", "--client-flags", "16");
    Ran rebuild = run("rebuild", "--placement", "ketama");
    String turned = nodes.get(1).address() + "," + nodes.get(0).address();
    Ran getOfTurned = run("get", "usps", "005", "010", "--memcached", turned);
    Ran rebuildOfTurned = run("rebuild", "--memcached", turned);
    Ran rebuildOfOne = run("rebuild", "--memcached", nodes.get(0).address());

    for (Ran refused : List.of(get, lag, rebuild, getOfTurned, rebuildOfTurned, rebuildOfOne)) {
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err().lines()).hasSize(1);
      assertThat(refused.err()).contains("was written with other settings");
    }
  }

  @Test
  void theSameNodesByOtherNamesAreReadAsAnApplicationDoes() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    ran("rebuild");
    String others = "localhost:%d,localhost:%d".formatted(nodes.get(0).port(), nodes.get(1).port());

    assertThat(ran("get", "usps", "005", "010", "--memcached", others).out()).isEqualTo("2\n");
  }

  @Test
  void aRebuildThatOneNodeRefusesLeavesTheOthersAsTheyAre() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    ran("rebuild");
    List<String> held = held(nodes.get(0));
    assertThat(held).isNotEmpty();
    // The second one is another's from now on.
    try (NodeConnection second =
        NodeConnection.open(
            NodeAddress.parse(nodes.get(1).address()), ConnectionSettings.DEFAULT)) {
      second.flushAll();
    }
    ran("rebuild", "--memcached", nodes.get(1).address(), "--key-prefix", "other:");

    Ran refused = run("rebuild", "--flush", "--yes", "--json");

    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("node " + nodes.get(1).address());
    assertThat(held(nodes.get(0))).isEqualTo(held);
  }

  @Test
  void anotherTablesNodesAreRefusedUntilTheyAreTakenOver() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    ran("rebuild");
    List<String> held = held(nodes.get(0));
    Map<String, String> staging = stagingTable();

    List<Ran> refused =
        List.of(
            run(staging, "sink", "--http", "none"),
            run(staging, "rebuild"),
            run(staging, "rebuild", "--flush", "--yes"),
            run(staging, "verify"),
            run(staging, "verify", "--repair"),
            run(staging, "get", "ups", "980", "005"),
            run(staging, "rebuild", "--drop-prefix", "zone:", "--key-prefix", "z:", "--yes"));

    for (Ran each : refused) {
      assertThat(each.exitCode()).as(each.err()).isEqualTo(2);
      assertThat(each.err()).contains("staging-of-" + topic);
    }
    assertThat(held(nodes.get(0))).isEqualTo(held);
    Ran unasked = run(staging, "rebuild", "--take-over");
    assertThat(unasked.exitCode()).isEqualTo(2);
    assertThat(unasked.err()).contains("--yes");

    Ran taken = run(staging, "rebuild", "--take-over", "--yes");

    assertThat(taken.exitCode()).as(taken.err()).isZero();
    assertThat(taken.err()).contains("of topic " + topic + ", group group-of-" + topic);
    assertThat(run(staging, "get", "ups", "980", "005").out()).isEqualTo("007\n");
    assertThat(held(nodes.get(0))).isEmpty();
    assertThat(run("verify", "--repair").exitCode()).isEqualTo(2);
    assertThat(run("lag").out()).contains(topic + "-staging");
  }

  @Test
  void aTakeOverThatOneNodeRefusesTakesNone() throws Exception {
    String theirs = nodes.get(0).address();
    String ours = nodes.get(1).address();
    ran("publish", write("usps.csv", TABLE).toString());
    ran("rebuild", "--memcached", theirs);
    Map<String, String> staging = stagingTable();
    assertThat(run(staging, "rebuild", "--memcached", ours).exitCode()).isZero();

    Ran refused = run(staging, "rebuild", "--take-over", "--yes", "--client-flags", "16");

    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("node " + ours, "was written with other settings");
    assertThat(ran("get", "usps", "005", "010", "--memcached", theirs).out()).isEqualTo("2\n");
  }

  /** Publishes a table of another topic, and answers the environment of its commands. */
  private Map<String, String> stagingTable() throws IOException {
    Map<String, String> staging = with("ZONECAST_TOPIC", topic + "-staging");
    staging.put("ZONECAST_GROUP", "staging-of-" + topic);
    Path other = write("other.csv", "carrier,origin,destination,zone\nups,980,005,007\n");
    assertThat(run(staging, "publish", other.toString()).exitCode()).isZero();
    return staging;
  }

  private static List<String> held(MemcachedNode node) throws IOException {
    try (NodeConnection connection =
        NodeConnection.open(NodeAddress.parse(node.address()), ConnectionSettings.DEFAULT)) {
      return connection
          .readEntries(List.of("zone:usps:005:006", "zone:usps:005:010", "zone:usps:006:005"))
          .stream()
          .filter(CheckpointEntry.Present.class::isInstance)
          .map(CheckpointEntry::key)
          .toList();
    }
  }

  @Test
  void aRebuildFillsTheNodesWithoutARunningSink() throws IOException {
    ran("publish", write("usps.csv", TABLE).toString());

    JsonNode rebuilt = ran("rebuild", "--json").json();

    assertThat(rebuilt.get("byRunningSinks").asBoolean()).isFalse();
    assertThat(rebuilt.get("nodes")).hasSize(2);
    assertThat(ran("get", "usps", "005", "006").out()).isEqualTo("A\n");
  }

  @Test
  void aRebuildOfOneNodeIsDoneByTheRunningSink() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    try (RunningCommand sink = RunningCommand.start(environment, "sink")) {
      awaitInStep();

      JsonNode rebuilt =
          ran("rebuild", "--node", nodes.get(1).address(), "--flush", "--yes", "--json").json();

      Ran leftToIt = ran("rebuild", "--no-wait", "--json");

      assertThat(rebuilt.get("outcome").asText()).isEqualTo("REBUILT");
      assertThat(rebuilt.get("byRunningSinks").asBoolean()).isTrue();
      assertThat(leftToIt.json().get("outcome").asText()).isEqualTo("FORGOTTEN");
      assertThat(leftToIt.json().get("nodes")).hasSize(2);
      awaitInStep();
      assertThat(rebuilt.get("nodes")).hasSize(1);
      assertThat(ran("get", "usps", "005", "006").out()).isEqualTo("A\n");
      assertThat(ran("get", "usps", "005", "010").out()).isEqualTo("2\n");
      assertThat(sink.isRunning()).isTrue();
    }
  }

  @Test
  void aStrictRebuildFillsNoNodeThatIsTooSmall() throws Exception {
    Path table = directory.resolve("sample.csv");
    ran("sample", "--rows", "60000", "--out", table.toString());
    ran("publish", table.toString());
    try (MemcachedNode small = Servers.shared().memcached("-m", "2")) {
      Ran refused =
          run(with("ZONECAST_MEMCACHED", small.address()), "rebuild", "--strict-memory", "--json");

      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
      assertThat(refused.json().get("outcome").asText()).isEqualTo("REFUSED");
      assertThat(refused.json().get("reason").asText()).contains(small.address());
      assertThat(refused.err())
          .contains("nothing was filled there: memcached " + small.address())
          .containsPattern("it has 2: start it with -m \\d+ or add a node");
    }
  }

  @Test
  void ofTwoSinksWithDifferentNodesTheOneWithTheOlderListExitsWith2() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    String alone = nodes.get(0).address();
    try (RunningCommand old = RunningCommand.start(with("ZONECAST_MEMCACHED", alone), "sink")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(old.err()).contains("state=IN_STEP"));

      try (RunningCommand sink = RunningCommand.start(environment, "sink")) {
        Ran stopped = old.awaitEnd();
        awaitInStep();

        assertThat(stopped.exitCode()).isEqualTo(2);
        assertThat(stopped.err())
            .contains("\"" + environment.get("ZONECAST_MEMCACHED") + "\" there")
            .contains("\"" + alone + "\" here");
        assertThat(sink.isRunning()).isTrue();
      }
    }
  }

  @Test
  void aFlushIsNotDoneUnasked() {
    Ran ran = run("rebuild", "--flush");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--yes");
  }

  @Test
  void aMissingEntryIsFoundAndMended() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    try (RunningCommand sink = RunningCommand.start(environment, "sink")) {
      awaitInStep();
      Ran clean = ran("verify", "--json");
      for (MemcachedNode node : nodes) {
        delete(node, "zone:usps:005:006");
      }

      Ran found = run("verify", "--json");
      Ran repaired = run("verify", "--repair");

      assertThat(clean.json().get("nodes")).hasSize(2);
      assertThat(sum(clean.json(), "checked")).isEqualTo(3);
      assertThat(found.exitCode()).isEqualTo(3);
      assertThat(sum(found.json(), "missing")).isEqualTo(1);
      assertThat(repaired.exitCode()).as(repaired.err()).isZero();
      assertThat(repaired.out()).contains("the cache is equal").contains("after the repair");
      assertThat(sink.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zone", "json"})
  void whatIsNoZoneIsAnErrorAndReachesNoTerminalAsItIs(String format) throws Exception {
    String entry = "\u001b[2J\u001b]0;mine";
    String key = "zone:usps:005:010";
    for (MemcachedNode node : nodes) {
      ask(node, "set %s 0 0 %d\r\n%s\r\n".formatted(key, entry.length(), entry));
    }

    Ran ran = run("get", "usps", "005", "010", "--value-format", format);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .singleElement(STRING)
        .contains("entry " + key, "\\x1b[2J", "--value-format")
        .doesNotContain("\u001b");
  }

  @Test
  void everyFormatOfAValueIsReadBackAsTheZone() throws Exception {
    ran("publish", write("usps.csv", TABLE).toString());
    Consumer<String> isRead =
        format -> {
          Map<String, String> own = with("ZONECAST_VALUE_FORMAT", format);
          own.put("ZONECAST_GROUP", "group-" + format + "-of-" + topic);
          own.put("ZONECAST_KEY_PREFIX", format + ":");
          assertThat(run(own, "rebuild").exitCode()).isZero();

          assertThat(run(own, "get", "usps", "005", "010").out()).isEqualTo("2\n");
        };

    List.of("zone", "json", "avro").forEach(isRead);
  }

  private void awaitInStep() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(lag().get("verdict").asText()).isEqualTo("CAUGHT_UP"));
  }

  private static long sum(JsonNode verification, String count) {
    long sum = 0;
    for (JsonNode node : verification.get("nodes")) {
      sum += node.get(count).asLong();
    }
    return sum;
  }

  /** As anybody with a connection can. */
  private static void delete(MemcachedNode node, String key) throws IOException {
    ask(node, "delete " + key + "\r\n");
  }

  private static void ask(MemcachedNode node, String request) throws IOException {
    try (Socket socket = new Socket(node.host(), node.port())) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      assertThat(socket.getInputStream().readNBytes(3)).isNotEmpty();
    }
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

  private JsonNode lag() {
    Ran ran = run("lag", "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.json();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private Map<String, String> with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return changed;
  }

  private Ran run(String... arguments) {
    return run(environment, arguments);
  }

  private static Ran run(Map<String, String> environment, String... arguments) {
    return Ran.zonecast(environment, arguments);
  }

  /** Runs what is to succeed. */
  private Ran ran(String... arguments) {
    Ran ran = run(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }
}
