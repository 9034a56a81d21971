package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.lag.NodeLag;
import io.zonecast.sink.lag.Verdict;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.node.NodeStatus.State;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NotOurNodeException;
import io.zonecast.sink.rebuild.PrefixRemoval;
import io.zonecast.sink.rebuild.TakeOver;
import io.zonecast.sink.verify.VerifyProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two tables, or two groups, on the same nodes: neither touches an entry of the other's. */
class OwnersIT {
  private Stage stage;
  private TestTopic staging;

  @BeforeEach
  void twoTopicsAndOnePool() {
    stage = new Stage(3, 2);
    stage.topic().setMany(1_000, "1");
    staging = new TestTopic(Servers.shared().broker().bootstrapServers(), 3);
    staging.set("usps:999:999", "9");
  }

  @AfterEach
  void close() {
    stage.close();
    staging.close();
  }

  private Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (int node = 0; node < 2; node++) {
      String name = node + " ";
      stage.raw(node).entries(RunningSink.PREFIX).forEach((key, zone) -> all.put(name + key, zone));
    }
    return all;
  }

  private SinkSettings stagingSettings() {
    return RunningSink.settings(staging, "staging", stage.addresses());
  }

  private TopicInfo stagingTopic() {
    return ZoneTopic.check(staging.admin(), staging.name(), staging.partitions());
  }

  private List<NodeAddress> nodes() {
    return stage.addresses().stream().map(NodeAddress::parse).toList();
  }

  private static void awaitRefusal(RunningSink sink) {
    await().atMost(Stage.SOON).until(sink.end()::isDone);
    assertThat(sink.end().join())
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining("rebuild --take-over");
  }

  @Test
  void aSecondTopicsSinkEndsAndTheFirstOnesCacheStaysWhole() {
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
      Map<String, String> before = everything();

      try (var other = RunningSink.start(staging, "staging", stage.addresses())) {
        awaitRefusal(other);
      }

      assertThat(everything()).isEqualTo(before);
      stage.awaitEqual(sink);
    }
  }

  @Test
  void aSecondGroupOverTheSameTopicEndsToo() {
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      try (var other = RunningSink.start(stage.topic(), "second", stage.addresses())) {
        awaitRefusal(other);
      }

      stage.awaitEqual(sink);
    }
  }

  @Test
  void aSinkWithOneNodeOfItsOwnServesThatOneAndLeavesTheOther() {
    try (var sink = stage.start();
        MemcachedNode own = Servers.shared().memcached()) {
      stage.awaitEqual(sink);
      Map<String, String> before = everything();
      List<String> mixed = List.of(stage.addresses().get(0), own.direct().address());

      try (var other = RunningSink.start(staging, "staging", mixed)) {
        await()
            .atMost(Stage.SOON)
            .untilAsserted(
                () ->
                    assertThat(other.status().nodes())
                        .extracting(NodeStatus::state)
                        .containsExactly(State.STALLED, State.IN_STEP));
      }

      assertThat(everything()).isEqualTo(before);
    }
  }

  @Test
  void nodesThatChangePlacesUnderASinkAreStalledAndNothingIsWritten() {
    try (LinkProxy a = link(0);
        LinkProxy b = link(1);
        var sink =
            RunningSink.start(stage.topic(), stage.group(), List.of(a.address(), b.address()))) {
      stage.awaitEqual(sink);
      Map<String, String> before = everything();

      lead(a, 1);
      lead(b, 0);

      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.status().nodes())
                      .allSatisfy(
                          status -> {
                            assertThat(status.state()).isEqualTo(State.STALLED);
                            assertThat(status.detail()).contains("changed places");
                          }));
      assertThat(everything()).isEqualTo(before);

      lead(a, 0);
      lead(b, 1);
      stage.awaitEqual(sink);
    }
  }

  @Test
  void aSinkOfAnEarlierVersionsNodesIsTheOnlyOneThatTheyAreClaimedFor() {
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
    stage.raw(0).delete(NodeOwners.KEY);
    stage.raw(1).delete(NodeOwners.KEY);
    Map<String, String> before = everything();

    try (var mistyped = RunningSink.start(staging, "staging", stage.addresses())) {
      awaitRefusal(mistyped);
    }
    assertThat(everything()).isEqualTo(before);

    try (var upgraded = stage.start()) {
      stage.awaitEqual(upgraded);
      assertThat(stage.raw(0).get(NodeOwners.KEY).orElseThrow()).contains(stage.group());
    }
  }

  @Test
  void aNodeThatListsNoKeysIsAskedForRowsOfTheTopic() {
    try (MemcachedNode listless = Servers.shared().memcached("-o", "no_lru_crawler")) {
      var raw = new RawMemcached(listless.direct());
      raw.set(RunningSink.PREFIX + "usps:999:999", "whose?");
      List<String> nodes = List.of(listless.direct().address());

      try (var sink = RunningSink.start(staging, "staging", nodes)) {
        awaitRefusal(sink);
      }
      raw.delete(RunningSink.PREFIX + "usps:999:999");
      raw.set("other:usps:999:999", "another's");
      try (var sink = RunningSink.start(stage.topic(), "listless", nodes)) {
        await()
            .atMost(Stage.SOON)
            .until(() -> raw.get(NodeOwners.KEY).orElse("").contains("group=listless"));
        assertThat(sink.end()).isNotDone();
      }
    }
  }

  private void lead(LinkProxy link, int node) {
    link.leadTo(stage.node(node).direct().host(), stage.node(node).direct().port());
  }

  private LinkProxy link(int node) {
    return LinkProxy.start(stage.node(node).direct().host(), stage.node(node).direct().port());
  }

  @Test
  void oneServerUnderTwoNamesEndsTheSink() {
    int port = stage.node(0).direct().port();

    try (var sink =
        RunningSink.start(
            stage.topic(), stage.group(), List.of("127.0.0.1:" + port, "localhost:" + port))) {
      await().atMost(Stage.SOON).until(sink.end()::isDone);
      assertThat(sink.end().join())
          .isInstanceOf(NotOurNodeException.class)
          .hasMessageContaining("one server under two names");
    }
  }

  @Test
  void verifyRefusesAnothersNodesAndRepairsNothingThere() {
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
      Map<String, String> before = everything();
      var verification =
          new Verification(
              stagingSettings(),
              nodes(),
              3,
              () -> new ZoneRowDecoder(BundledSchemas.load()),
              new SilentProgress());

      assertThatThrownBy(() -> verification.run(true)).isInstanceOf(NotOurNodeException.class);

      assertThat(everything()).isEqualTo(before);
    }
  }

  @Test
  void theFormerOwnersSinkStopsWritingOnceItsNodesAreTakenOver() throws Exception {
    try (var former = stage.start()) {
      stage.awaitEqual(former);
      assertThat(takeOver().look(nodes().get(0)).orElseThrow().claim())
          .contains(stage.topic().name());

      takeOverAll();

      try (var sink = RunningSink.start(staging, "staging", stage.addresses())) {
        awaitEverywhere("9");
        await()
            .atMost(Stage.SOON)
            .untilAsserted(
                () ->
                    assertThat(former.status().nodes())
                        .allMatch(status -> status.state() == State.STALLED));
        stage.topic().set("usps:000:000", "2");
        staging.set("usps:999:999", "8");
        awaitEverywhere("8");
        assertThat(former.end()).isNotDone();
        assertThat(sink.end()).isNotDone();
        assertThat(stage.lag().verdict()).isEqualTo(Verdict.STALLED);
        assertThat(stage.lag().nodes())
            .extracting(NodeLag::detail)
            .allMatch(detail -> detail.contains(staging.name()));
      }
    }
  }

  @Test
  void aFormerOwnersSinkThatSleptThroughTheTakeOverWritesNothing() throws Exception {
    try (var former = SinkProcess.start(stage.topic(), stage.group(), stage.addresses())) {
      await().atMost(Stage.SOON.multipliedBy(2)).until(() -> stage.differences().isEmpty());
      former.pause();
      takeOverAll();

      try (var sink = RunningSink.start(staging, "staging", stage.addresses())) {
        awaitEverywhere("9");
        former.resume();
        stage.topic().set("usps:000:000", "2");
        staging.set("usps:999:999", "8");

        assertThat(sink.end()).isNotDone();
        await()
            .during(Duration.ofSeconds(3))
            .atMost(Stage.SOON)
            .untilAsserted(() -> assertThat(everything().values()).containsExactly("8"));
      }
    }
  }

  private void takeOverAll() throws IOException {
    for (NodeAddress node : nodes()) {
      takeOver().take(node);
    }
  }

  /** Waits until the only entries are the staging table's one row. */
  private void awaitEverywhere(String zone) {
    await()
        .atMost(Stage.SOON)
        .untilAsserted(() -> assertThat(everything().values()).containsExactly(zone));
  }

  private TakeOver takeOver() {
    TopicInfo topic = stagingTopic();
    return new TakeOver(
        stagingSettings().claimant(topic),
        stagingSettings().ownerCheck(topic),
        ConnectionSettings.DEFAULT);
  }

  @Test
  void entriesUnderAFormerPrefixStayUntilTheyAreDropped() throws Exception {
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
    TopicInfo topic =
        ZoneTopic.check(stage.topic().admin(), stage.topic().name(), stage.topic().partitions());
    SinkSettings changed = changed("zones2:");
    PrefixRemoval removal = new PrefixRemoval(changed.claimant(topic), ConnectionSettings.DEFAULT);
    assertThatThrownBy(() -> removal.require(nodes().get(0), RunningSink.PREFIX))
        .isInstanceOf(NotOurNodeException.class)
        .hasMessageContaining("its sink writes under \"zone:\"");

    try (var sink = stage.start(settings -> changed)) {
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(
                          stage.raw(0).entries("zones2:").size()
                              + stage.raw(1).entries("zones2:").size())
                      .isEqualTo(1_000));
      assertThat(everything()).hasSize(1_000);
      long removed = 0;
      for (NodeAddress node : nodes()) {
        removal.require(node, RunningSink.PREFIX);
        removed += removal.remove(node, RunningSink.PREFIX);
      }
      assertThat(removed).isEqualTo(1_000);
      assertThat(everything()).isEmpty();
      assertThatThrownBy(() -> removal.require(nodes().get(0), RunningSink.PREFIX))
          .isInstanceOf(NotOurNodeException.class)
          .hasMessageContaining("does not record");
      assertThat(sink.end()).isNotDone();
    }
  }

  private SinkSettings changed(String prefix) {
    SinkSettings now = RunningSink.settings(stage.topic(), stage.group(), stage.addresses());
    return new SinkSettings(
        now.kafka(),
        now.topic(),
        now.group(),
        new CacheLayout(
            now.nodes(),
            now.layout().placement(),
            prefix,
            now.layout().valueFormat(),
            now.layout().clientFlags()),
        true,
        now.strictMemory(),
        now.maxFoldBytes(),
        now.connections());
  }

  private static final class SilentProgress implements VerifyProgress {
    @Override
    public void progressed(double fraction) {}

    @Override
    public void waits(String cause) {}
  }
}
