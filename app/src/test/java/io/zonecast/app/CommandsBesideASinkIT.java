package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.sandbox.MemcachedNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running sink, or leave something to it; one runs for all of these. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandsBesideASinkIT {
  @TempDir private static Path directory;

  private static CommandStage stage;
  private static RunningCommand sink;

  @BeforeAll
  static void startASink() throws Exception {
    stage = new CommandStage(directory);
    stage.publishTheTable();
    sink = RunningCommand.start(stage.environment, "sink", "--http", "127.0.0.1:0");
  }

  @AfterAll
  static void close() throws Exception {
    sink.close();
    stage.close();
  }

  @Test
  void aZoneIsReadWhereTheSinkHasPutItAndThereAloneIsNoAnswer() throws Exception {
    stage.awaitInStep();

    JsonNode there = stage.ran("get", "usps", "005", "010", "--json").json();
    Ran absent = stage.run("get", "usps", "005", "999", "--json");

    assertThat(there.get("zone").asText()).isEqualTo("2");
    assertThat(there.get("key").asText()).isEqualTo("zone:usps:005:010");
    assertThat(stage.nodes).extracting(MemcachedNode::address).contains(there.get("node").asText());
    assertThat(absent.exitCode()).isEqualTo(3);
    assertThat(absent.json().get("zone").isNull()).isTrue();
    assertThat(sink.isRunning()).isTrue();
  }

  @Test
  void aFiveDigitDestinationWithoutItsOwnZoneHasThatOfItsFirstThree() throws Exception {
    stage.awaitInStep();

    Ran ran = stage.ran("get", "usps", "005", "01099");
    JsonNode document = stage.ran("get", "usps", "005", "01099", "--json").json();
    Ran absent = stage.run("get", "usps", "005", "99999");

    assertThat(ran.out()).isEqualTo("2\n");
    assertThat(ran.err())
        .isEqualTo("zonecast: that is the zone of usps:005:010; there is no usps:005:01099\n");
    assertThat(document.get("key").asText()).isEqualTo("zone:usps:005:010");
    assertThat(absent.exitCode()).isEqualTo(3);
    assertThat(absent.err()).contains("has no zone:usps:005:99999");
  }

  @Test
  void lagSaysWhatWasPublishedLast() throws Exception {
    stage.awaitInStep();

    Ran text = stage.ran("lag");
    JsonNode json = stage.ran("lag", "--json").json();

    assertThat(text.out())
        .containsPattern("last publish: [0-9a-f]{16} \\(\\S+, \\S+, \\S+Z\\): ")
        .containsPattern("zones: \\d+ after it");
    assertThat(json.get("lastPublishState").asText()).isEqualTo("KNOWN");
    assertThat(json.at("/lastPublish/id").asText()).matches("[0-9a-f]{16}");
    assertThat(json.get("zones").asLong()).isPositive();
  }

  @Test
  void thePageAndTheMetricsSayWhenEveryNodeHadTheLastPublish() throws Exception {
    stage.awaitInStep();
    Path changes =
        stage.write("arrival.csv", "op,carrier,origin,destination,zone\nupsert,dhl,7,7,9\n");

    String address = HttpIT.address(sink);
    Ran publish = stage.ran("publish", "--delta", changes.toString(), "--json");
    String id = publish.json().get("publishId").asText();

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              JsonNode lag =
                  new ObjectMapper().readTree(HttpIT.get(address, "/status").body()).get("lag");
              assertThat(lag.at("/lastPublish/id").asText()).isEqualTo(id);
              assertThat(lag.get("lastPublishArrivalSeconds").asDouble()).isPositive();
            });
    assertThat(HttpIT.get(address, "/metrics").body())
        .containsPattern("zonecast_last_publish_arrival_seconds\\{[^}]*} \\d")
        .containsPattern("zonecast_zones\\{[^}]*} \\d");
    Path back = stage.write("back.csv", "op,carrier,origin,destination,zone\ndelete,dhl,7,7,\n");
    stage.ran("publish", "--delta", back.toString(), "--wait");
  }

  @Test
  void aZoneIsExplainedByItsRowAndWhoWroteIt() throws Exception {
    stage.awaitInStep();

    Ran text = stage.ran("get", "usps", "005", "010", "--explain");
    JsonNode there = stage.ran("get", "usps", "005", "010", "--explain", "--json").json();
    Ran absent = stage.run("get", "usps", "005", "999", "--explain");

    assertThat(text.out())
        .containsPattern(
            "in the topic: zone 2, flags \\*; partition \\d, offset \\d+, written at 20")
        .containsPattern("written by:   publish \\S+ of usps.csv, by \\S+; see zonecast history")
        .contains("in the cache: zone 2, node ")
        .endsWith("  they agree\n");
    assertThat(there.get("agree").asBoolean()).isTrue();
    assertThat(there.get("row").get("zone").asText()).isEqualTo(there.get("zone").asText());
    assertThat(there.get("origin").get("kind").asText()).isEqualTo("publish");
    assertThat(absent.exitCode()).isEqualTo(3);
    assertThat(absent.out()).contains("in the topic: nothing").contains("in the cache: nothing");
  }

  @Test
  void manyPairsAreReadAtOnceAndAnsweredInTheirOrder() throws Exception {
    stage.awaitInStep();
    Path pairs =
        stage.write(
            "pairs.csv",
            """
            carrier,origin,destination
            usps,006,005
            usps,005,999
            usps,005,006
            """);

    Ran ran = stage.run("get", "--file", pairs.toString());
    Ran json = stage.run("get", "--file", pairs.toString(), "--json");
    Ran bad = stage.run("get", "--file", stage.write("bad.csv", "usps,005\n").toString());
    Ran missing = stage.run("get", "--file", "no-such.csv");
    Ran both = stage.run("get", "usps", "--file", pairs.toString());

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.out()).isEqualTo("usps,006,005,4\nusps,005,999,\nusps,005,006,A\n");
    assertThat(ran.err()).contains("the cache does not have 1 pair");
    assertThat(json.json().get("answers")).hasSize(3);
    assertThat(json.json().get("answers").get(0).get("key").asText())
        .isEqualTo("zone:usps:006:005");
    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.err()).contains("line 1: 2 fields; give carrier,origin,destination");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("--file no-such.csv: there is no such file");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("the file says which pairs; leave out usps");
  }

  @Test
  void aPublishWaitsUntilEveryNodeHasIt() throws Exception {
    Path changes =
        stage.write("changes.csv", "op,carrier,origin,destination,zone\nupsert,dhl,1,2,9\n");

    Ran there = stage.ran("publish", changes.toString(), "--delta", "--wait", "--json");
    Ran line = stage.ran("publish", changes.toString(), "--delta", "--wait");
    String elsewhere = stage.nodes.get(0).address() + ",127.0.0.1:1";
    Ran late =
        stage.run(
            stage.with("ZONECAST_MEMCACHED", elsewhere),
            "publish",
            changes.toString(),
            "--delta",
            "--wait",
            "--timeout",
            "1s");

    assertThat(there.json().get("inEveryCache").asBoolean()).isTrue();
    assertThat(there.json().get("firstNodeSeconds").asDouble())
        .isLessThanOrEqualTo(there.json().get("waitedSeconds").asDouble());
    assertThat(stage.ran("get", "dhl", "1", "2").out()).isEqualTo("9\n");
    assertThat(line.out()).contains("; in every cache after ").contains("(first node ");
    assertThat(late.exitCode()).isEqualTo(4);
    assertThat(late.out()).contains("; not in every cache after ");
    assertThat(late.err()).contains("node 127.0.0.1:1 is DOWN");
    stage.ran(
        "publish",
        stage.write("gone.csv", "op,carrier,origin,destination,zone\ndelete,dhl,1,2,\n").toString(),
        "--delta",
        "--wait");
  }

  @Test
  void lagTellsOfPartitionsAndNodes() throws Exception {
    Ran unknown = stage.run(stage.with("ZONECAST_GROUP", "nobodys-" + stage.topic), "lag");
    Ran late =
        stage.run(
            stage.with("ZONECAST_GROUP", "zones-sink"), "lag", "--max-lag-seconds", "0", "--json");
    stage.awaitInStep();

    Ran text = stage.ran("lag");
    JsonNode lag = stage.lag();
    Ran inTime = stage.run("lag", "--max-lag-seconds", "0");
    Ran down = stage.run("lag", "--max-lag-seconds", "60", "--memcached", "127.0.0.1:1");

    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("nobodys-" + stage.topic).contains("no such group");
    assertThat(late.exitCode()).isEqualTo(3);
    assertThat(late.json().get("verdict").asText()).isEqualTo("NEVER_RAN");
    assertThat(down.exitCode()).isEqualTo(3);
    assertThat(down.out()).contains("node 127.0.0.1:1 is DOWN");
    assertThat(text.out()).startsWith(stage.group + ": CAUGHT UP\n");
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
    assertThat(stage.ran("lag", "--count", "--json").json().get("partitions"))
        .allSatisfy(partition -> assertThat(partition.get("behindRecords").asLong()).isZero());
    assertThat(lag.get("partitions").get(0).get("behindRecords").isNull())
        .as("nobody has counted")
        .isTrue();
    assertThat(sink.isRunning()).isTrue();
  }

  @Test
  void aRebuildOfOneNodeIsDoneByTheRunningSink() throws Exception {
    stage.awaitInStep();

    JsonNode rebuilt =
        stage
            .ran("rebuild", "--node", stage.nodes.get(1).address(), "--flush", "--yes", "--json")
            .json();

    Ran leftToIt = stage.ran("rebuild", "--no-wait", "--json");

    assertThat(rebuilt.get("outcome").asText()).isEqualTo("REBUILT");
    assertThat(rebuilt.get("byRunningSinks").asBoolean()).isTrue();
    assertThat(leftToIt.json().get("outcome").asText()).isEqualTo("FORGOTTEN");
    assertThat(leftToIt.json().get("nodes")).hasSize(2);
    stage.awaitInStep();
    assertThat(rebuilt.get("nodes")).hasSize(1);
    assertThat(stage.ran("get", "usps", "005", "006").out()).isEqualTo("A\n");
    assertThat(stage.ran("get", "usps", "005", "010").out()).isEqualTo("2\n");
    assertThat(sink.isRunning()).isTrue();
  }

  @Test
  void aMissingEntryIsFoundAndMended() throws Exception {
    stage.awaitInStep();
    Ran clean = stage.ran("verify", "--json");
    for (MemcachedNode node : stage.nodes) {
      CommandStage.ask(node, "delete zone:usps:005:006\r\n");
    }

    Ran found = stage.run("verify", "--json");
    Ran repaired = stage.run("verify", "--repair");

    assertThat(clean.json().get("nodes")).hasSize(2);
    assertThat(sum(clean.json(), "checked")).isEqualTo(3);
    assertThat(found.exitCode()).isEqualTo(3);
    assertThat(sum(found.json(), "missing")).isEqualTo(1);
    assertThat(repaired.exitCode()).as(repaired.err()).isZero();
    assertThat(repaired.out()).contains("the cache is equal").contains("after the repair");
    assertThat(sink.isRunning()).isTrue();
  }

  @Test
  void portZeroPicksOneAndLogsIt() throws Exception {
    String address = HttpIT.address(sink);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(HttpIT.get(address, "/readyz").statusCode()).isEqualTo(200));
    assertThat(HttpIT.get(address, "/").body()).contains("<title>Zonecast sink</title>");
    assertThat(HttpIT.get(address, "/livez").statusCode()).isEqualTo(200);
    assertThat(HttpIT.get(address, "/metrics").body()).contains("zonecast_verdict{");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(HttpIT.get(address, "/status").body())
                    .contains("\"verdict\":\"CAUGHT_UP\""));
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void anInterruptEndsItInGoodOrder() throws Exception {
    sink.signal("INT");
    Ran ran = sink.awaitEnd();

    assertThat(ran.exitCode()).isEqualTo(130);
    // Its partitions were given back: nobody has to wait for a session to end.
    assertThat(ran.err()).contains("revoked=[0, 1, 2, 3, 4, 5]").doesNotContain("\tat ");
  }

  private static long sum(JsonNode verification, String count) {
    long sum = 0;
    for (JsonNode node : verification.get("nodes")) {
      sum += node.get(count).asLong();
    }
    return sum;
  }
}
