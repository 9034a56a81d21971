package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneTopic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with the ids of a real schema registry. */
class RegistryCommandsIT {
  private static final String TABLE =
      """
      carrier,origin,destination,zone,flags,effective_date
      usps,005,006,A,,
      usps,005,010,2,*,2024-04-01
      usps,006,005,4,,
      """;

  private static final int ROWS = 3;

  private final String topic = "zones-" + UUID.randomUUID();
  private final String url = SharedRegistry.url().toString();
  private final String bootstrap = Servers.shared().broker().bootstrapServers();
  private final MemcachedNode node = Servers.shared().memcached();
  private final Map<String, String> environment = new HashMap<>();

  @TempDir private Path directory;
  private String table = "";

  @BeforeEach
  void pointAtTheServers() throws IOException {
    environment.put("ZONECAST_BOOTSTRAP_SERVERS", bootstrap);
    environment.put("ZONECAST_TOPIC", topic);
    environment.put("ZONECAST_GROUP", "group-of-" + topic);
    environment.put("ZONECAST_MEMCACHED", node.address());
    environment.put("ZONECAST_VALUE_FORMAT", "avro");
    table = Files.writeString(directory.resolve("usps.csv"), TABLE).toString();
  }

  @AfterEach
  void closeTheNode() {
    node.close();
  }

  @Test
  void everyCommandThatReadsOrWritesRecordsDoesSoByTheRegistry() throws Exception {
    JsonNode published = ran("publish", table, "--schema-registry-url", url, "--json").json();
    // From here on by the environment.
    environment.put("ZONECAST_SCHEMA_REGISTRY_URL", url);

    assertThat(published.get("added").asInt()).isEqualTo(ROWS);
    int id = SharedRegistry.latest(topic + "-value").get("id").asInt();
    assertThat(TopicValues.read(bootstrap, topic, ROWS).values())
        .extracting(TopicValues::schemaId)
        .containsOnly(id);
    assertThat(ran("plan", table, "--json").json().get("unchanged").asInt()).isEqualTo(ROWS);
    assertThat(ran("publish", table, "--json").json().get("unchanged").asInt()).isEqualTo(ROWS);
    assertThat(ran("schemas", "check").out()).contains("registered, version 1, id " + id);
    try (RunningCommand sink = RunningCommand.start(environment, "sink")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(ran("lag", "--json").json().get("verdict").asText())
                      .isEqualTo("CAUGHT_UP"));
      assertThat(ran("get", "usps", "005", "010").out()).isEqualTo("2\n");
      assertThat(ran("verify").out()).contains("the cache is equal to topic " + topic);
      assertThat(ran("rebuild", "--json").json().get("byRunningSinks").asBoolean()).isTrue();
      assertThat(sink.isRunning()).isTrue();
    }
    assertThat(ran("rebuild", "--json").json().get("byRunningSinks").asBoolean()).isFalse();
  }

  @Test
  void withoutTheRegistryNobodyReadsItsRecordsAndEachSaysWhatToSet() throws Exception {
    ran("publish", table, "--schema-registry-url", url);
    ran("rebuild", "--schema-registry-url", url);

    for (String[] command :
        new String[][] {{"plan", table}, {"publish", table}, {"get", "usps", "005", "010"}}) {
      Ran blind = run(command);

      assertThat(blind.exitCode()).as(blind.err()).isEqualTo(1);
      assertThat(blind.err()).contains("schema id").contains("set --schema-registry-url");
      assertThat(blind.err().lines()).hasSize(1);
    }
    Ran verify = run("verify");
    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.out()).contains("nothing of the cache could be compared");
    assertThat(verify.err()).contains("not compared").contains("set --schema-registry-url");
  }

  @Test
  void theRecordsAreTheSameButForTheIdWhoeverGaveIt() {
    String bundled = topic + "-bundled";
    ran("publish", table, "--schema-registry-url", url);
    ran("publish", table, "--topic", bundled);

    Map<String, byte[]> registered = TopicValues.read(bootstrap, topic, ROWS);
    Map<String, byte[]> expected = TopicValues.read(bootstrap, bundled, ROWS);

    expected
        .values()
        .forEach(
            value -> {
              assertThat(TopicValues.schemaId(value)).isEqualTo(Integer.MAX_VALUE);
              int id = TopicValues.schemaId(registered.values().iterator().next());
              ByteBuffer.wrap(value).putInt(1, id);
            });
    assertThat(registered).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void theSchemasCommandChecksRegistersAndLists() throws Exception {
    environment.put("ZONECAST_SCHEMA_REGISTRY_URL", url);

    Ran before = ran("schemas", "check");
    JsonNode registered = ran("schemas", "register", "--json").json();
    JsonNode listed = ran("schemas", "list", "--json").json();
    Ran after = ran("schemas", "check");

    String rows = topic + "-value";
    String updates = ZoneTopic.updatesOf(topic) + "-value";
    int rowsId = SharedRegistry.latest(rows).get("id").asInt();
    int updatesId = SharedRegistry.latest(updates).get("id").asInt();
    assertThat(before.out())
        .isEqualTo(
            "%s: the registry has no version yet\n%s: the registry has no version yet\n"
                .formatted(rows, updates));
    JsonNode first = registered.get("subjects").get(0);
    assertThat(first.get("id").asInt()).isEqualTo(rowsId);
    assertThat(first.get("level").asText()).isEqualTo("FULL_TRANSITIVE");
    assertThat(registered.get("subjects").get(1).get("id").asInt()).isEqualTo(updatesId);
    assertThat(listed.get("subjects"))
        .allMatch(s -> s.get("level").asText().equals("FULL_TRANSITIVE"));
    assertThat(listed.get("versions")).hasSize(2);
    assertThat(listed.get("versions").get(1).get("subject").asText()).isEqualTo(updates);
    assertThat(listed.get("versions").get(1).get("bundledVersion").asInt()).isOne();
    assertThat(after.out())
        .isEqualTo(
            "%s: registered, version 1, id %d\n%s: registered, version 1, id %d\n"
                .formatted(rows, rowsId, updates, updatesId));
  }

  @Test
  void aSubjectThatTheSchemaDoesNotFitIsNoBeforeADeployAndAtIt() throws Exception {
    environment.put("ZONECAST_SCHEMA_REGISTRY_URL", url);
    String theirs =
        """
        {"type": "record", "name": "ZoneRow", "namespace": "io.zonecast.schemas",
         "fields": [{"name": "weight", "type": "int"}]}""";
    SharedRegistry.register(topic + "-value", theirs);

    Ran check = run("schemas", "check");
    Ran register = run("schemas", "register");
    Ran publish = run("publish", table);

    assertThat(check.exitCode()).isEqualTo(3);
    assertThat(check.out()).contains("version 1 (id ").contains("weight");
    assertThat(register.exitCode()).isEqualTo(3);
    assertThat(register.err()).contains("subject " + topic + "-value does not take the schema");
    assertThat(publish.exitCode()).isEqualTo(3);
    assertThat(publish.err()).contains("subject " + topic + "-value does not take the schema");
    assertThat(publish.err().lines()).hasSize(2).first(STRING).contains("new topic " + topic);
  }

  @Test
  void theDemoShowsItsRecordsIdInTheRegistryAndLeavesNothingWhenItIsInterrupted() throws Exception {
    try (RunningCommand demo =
        RunningCommand.start(
            Map.of("ZONECAST_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + directory),
            "demo",
            table,
            "--registry",
            url,
            "--keep")) {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> demo.err().contains("stays up until Ctrl-C") || !demo.isRunning());
      int id = SharedRegistry.latest("zones-value").get("id").asInt();
      Map<String, byte[]> values =
          TopicValues.read(setting("ZONECAST_BOOTSTRAP_SERVERS", demo), "zones", ROWS);

      assertThat(values.values()).extracting(TopicValues::schemaId).containsOnly(id);
      assertThat(demo.out().lines())
          .filteredOn(line -> line.contains("Asked the schema registry " + url))
          .singleElement()
          .asString()
          .contains("subject zones-value has the schema as id " + id)
          .contains("bytes 1 to 4 of usps:")
          .endsWith(
              " are "
                  + HexFormat.ofDelimiter(" ")
                      .formatHex(ByteBuffer.allocate(Integer.BYTES).putInt(id).array()));
      assertThat(setting("ZONECAST_SCHEMA_REGISTRY_URL", demo)).isEqualTo(url);
      List<ProcessHandle> servers = demo.descendants();
      assertThat(servers).hasSizeGreaterThanOrEqualTo(3);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(ProcessIT.statusPageOf(demo)).contains("<title>"));

      demo.signal("INT");

      assertThat(demo.awaitEnd().exitCode()).isEqualTo(130);
      ProcessIT.assertNothingIsLeft(servers, directory);
    }
  }

  @Test
  void aDemoWhoseRegistryIsNotThereSaysSoBeforeItStartsAnything() throws Exception {
    try (RunningCommand demo =
        RunningCommand.start(Map.of(), "demo", "--registry", "http://127.0.0.1:1")) {
      Ran ran = demo.awaitEnd();

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err()).contains("http://127.0.0.1:1 refuses the connection");
    }
  }

  private static String setting(String variable, RunningCommand demo) {
    Matcher export = Pattern.compile("export " + variable + "=(\\S+)").matcher(demo.err());
    assertThat(export.find()).as(demo.err()).isTrue();
    return export.group(1);
  }

  private Ran run(String... arguments) {
    return Ran.zonecast(environment, arguments);
  }

  private Ran ran(String... arguments) {
    Ran ran = run(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }
}
