package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.verify.EntryKind;
import io.zonecast.sink.verify.VerifyProgress;
import io.zonecast.sink.verify.VerifyReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every difference between a real pool and its topic is found, and no other. */
class VerificationIT {
  private static final int ROWS = 3_000;
  private static final String KEY = "usps:000:005";

  private final Servers servers = Servers.shared();
  private TestTopic topic;
  private MemcachedNode a;
  private MemcachedNode b;
  private RunningSink sink;

  @BeforeEach
  void fillAPool() {
    topic = new TestTopic(servers.broker().bootstrapServers(), 3);
    a = servers.memcached();
    b = servers.memcached();
    topic.setMany(ROWS, "2");
    topic.remove("usps:000:001");
    sink = RunningSink.start(topic, topic.name(), nodes());
    awaitInStep();
  }

  @AfterEach
  void closeThem() {
    sink.close();
    topic.close();
    a.close();
    b.close();
  }

  @Test
  void aPoolThatEqualsItsTopicHasNoDifferencesAndIsToldWhatItsEntriesNeed() throws Exception {
    VerifyReport report = verify(false).found();

    assertThat(report.isEqual()).as("%s", report).isTrue();
    assertThat(report.isComplete()).isTrue();
    assertThat(report.nodes().stream().mapToLong(node -> node.count(EntryKind.CHECKED)).sum())
        .isEqualTo(ROWS - 1);
    assertThat(report.nodes())
        .allSatisfy(
            node ->
                assertThat(node.memory())
                    .isInstanceOfSatisfying(
                        MemoryVerdict.class,
                        memory -> {
                          assertThat(memory.fits()).isTrue();
                          assertThat(memory.entries()).isEqualTo(node.count(EntryKind.CHECKED));
                          assertThat(memory.neededBytes()).isBetween(1L, memory.limitBytes());
                        }));
  }

  @Test
  void eachPlantedDifferenceIsFoundUnderItsNameAndMended() throws Exception {
    owner(KEY).delete("zone:" + KEY);
    owner("usps:000:006").set("zone:usps:000:006", "9");
    owner("ups:orphan:1").set("zone:ups:orphan:1", "2");
    other("usps:000:007").set("zone:usps:000:007", "2");
    owner("x").set("zone:not-a-zone-key", "2");
    owner("x").set("other:usps:000:008", "2");

    Verification.Outcome outcome = verify(true);

    VerifyReport report = outcome.found();
    assertThat(report.isEqual()).isFalse();
    assertThat(sum(report)).containsExactly(1, 1, 1, 1);
    assertThat(report.nodes().stream().flatMap(node -> node.examples().stream()))
        .containsExactlyInAnyOrder(
            "missing zone:" + KEY,
            "different zone:usps:000:006",
            "orphaned zone:ups:orphan:1",
            "foreign zone:usps:000:007");
    assertThat(outcome.last().isEqual()).as("%s", outcome.last()).isTrue();
    assertThat(owner("x").get("zone:not-a-zone-key")).hasValue("2");
    assertThat(owner(KEY).get("zone:" + KEY)).hasValue("2");
  }

  @Test
  void otherClientFlagsAreADifference() throws Exception {
    owner(KEY).set("zone:" + KEY, "2", 16);

    assertThat(sum(verify(false).found())).containsExactly(0, 1, 0, 0);
  }

  @Test
  void whatChangesWhileItRunsIsNoDifference() throws Exception {
    var stop = new AtomicBoolean();
    var writer =
        new Thread(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                topic.set("usps:000:%03d".formatted(i % 500), Integer.toString(i % 9));
                topic.remove("usps:001:%03d".formatted(i % 500));
                topic.set("ups:%d:1".formatted(i), "3");
              }
            });
    writer.start();
    try {
      for (int i = 0; i < 5; i++) {
        VerifyReport report = verify(false).found();
        assertThat(report.isEqual()).as("%s", report).isTrue();
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  @Test
  void aTableThatIsComparedInPassesIsMendedToo() throws Exception {
    owner(KEY).delete("zone:" + KEY);
    owner("ups:orphan:1").set("zone:ups:orphan:1", "2");

    Verification.Outcome outcome =
        verify(true, settings -> withFoldBytes(settings, 3 * 40_000), nodes());

    // Here no pass finds a difference.
    assertThat(outcome.last().isEqual() && outcome.last().isComplete()).as("%s", outcome).isTrue();
    VerifyReport found = outcome.found();
    assertThat(sum(found)).containsExactly(1, 0, 1, 0);
    assertThat(found.nodes().stream().mapToLong(node -> node.count(EntryKind.CHECKED)).sum())
        .isEqualTo(ROWS - 1);
  }

  @Test
  void whatTheSinkHasNotBroughtYetIsNoDifferenceAndNotMended() throws Exception {
    sink.close();
    owner(KEY).delete("zone:" + KEY);
    topic.set("usps:000:006", "9");
    topic.remove("usps:000:007");
    topic.set("ups:new:1", "3");

    Verification.Outcome outcome = verify(false);

    VerifyReport report = outcome.last();
    assertThat(sum(report)).as("%s", report).containsExactly(1, 0, 0, 0);
    assertThat(report.nodes().stream().mapToLong(node -> node.count(EntryKind.BEHIND)).sum())
        .isEqualTo(3);
    assertThat(report.isComplete()).isFalse();
  }

  @Test
  void aRecordOnAnotherPartitionThanItsKeysIsIgnoredAndCounted() throws Exception {
    topic.raw(KEY, topic.valueOf(KEY, "9"), (partitionOf(KEY) + 1) % 3);
    awaitInStep();

    VerifyReport report = verify(false).found();

    assertThat(report.isEqual() && report.isComplete()).as("%s", report).isTrue();
    assertThat(report.misplaced()).isEqualTo(1);
    assertThat(report.unplaced()).isZero();
  }

  @Test
  void aRecordThatNobodyCanReadIsCountedApart() throws Exception {
    topic.raw("usps:000:005", new byte[] {1, 2, 3}, partitionOf("usps:000:005"));
    topic.raw("no zone key", new byte[] {1}, 0);
    awaitInStep();

    VerifyReport report = verify(false).found();

    assertThat(report.isEqual()).as("%s", report).isTrue();
    assertThat(report.nodes().stream().mapToLong(node -> node.count(EntryKind.UNREADABLE)).sum())
        .isEqualTo(1);
    assertThat(report.unplaced()).isEqualTo(1);
  }

  @Test
  void oneNodeAloneCanBeCompared() throws Exception {
    owner(KEY).delete("zone:" + KEY);
    MemcachedNode owner = ownerNode(KEY);

    VerifyReport report = verify(false, settings -> settings, List.of(owner.address())).found();

    assertThat(report.nodes())
        .singleElement()
        .satisfies(
            node -> {
              assertThat(node.node()).isEqualTo(owner.address());
              assertThat(node.count(EntryKind.MISSING)).isEqualTo(1);
            });
  }

  @Test
  void aNodeThatIsDownIsSaidToBe() throws Exception {
    a.kill();

    VerifyReport report = verify(false).found();

    assertThat(report.isComplete()).isFalse();
    assertThat(report.nodes().get(0).unreachable()).contains(a.address());
    assertThat(report.nodes().get(1).isComplete()).isTrue();
    a.restartEmpty();
  }

  @Test
  void aNodeThatListsNoKeysIsSaidToBeCheckedInPart() throws Exception {
    try (MemcachedNode mute = servers.memcached("-o", "no_lru_crawler");
        RunningSink other =
            RunningSink.start(topic, topic.name() + "-mute", List.of(mute.address()))) {
      await().untilAsserted(() -> assertThat(other.status().isInStep()).isTrue());

      VerifyReport report =
          new Verification(
                  RunningSink.settings(topic, topic.name() + "-mute", List.of(mute.address())),
                  List.of(NodeAddress.parse(mute.address())),
                  3,
                  () -> new ZoneRowDecoder(BundledSchemas.load()),
                  new Quiet())
              .run(false)
              .found();

      assertThat(report.isEqual()).isTrue();
      assertThat(report.nodes().get(0).count(EntryKind.CHECKED)).isEqualTo(ROWS - 1);
      assertThat(report.nodes().get(0).notListed()).contains("no_lru_crawler");
    }
  }

  @Test
  void otherSettingsThanTheSinksAreRefused() {
    assertThatThrownBy(
            () ->
                verify(
                    false,
                    settings ->
                        new SinkSettings(
                            settings.kafka(),
                            settings.topic(),
                            settings.group(),
                            new CacheLayout(
                                settings.nodes(),
                                settings.layout().placement(),
                                settings.layout().keyPrefix(),
                                settings.layout().valueFormat(),
                                16),
                            settings.changeSettings(),
                            settings.strictMemory(),
                            settings.maxFoldBytes(),
                            settings.connections()),
                    nodes()))
        .isInstanceOf(SettingsDifferException.class)
        .hasMessageContaining("--client-flags");
  }

  private void awaitInStep() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(sink.end()).isNotDone();
              assertThat(sink.status().isInStep()).as("%s", sink.status()).isTrue();
            });
  }

  private List<String> nodes() {
    return List.of(a.address(), b.address());
  }

  private Verification.Outcome verify(boolean repair) throws Exception {
    return verify(repair, settings -> settings, nodes());
  }

  private Verification.Outcome verify(
      boolean repair, UnaryOperator<SinkSettings> change, List<String> compared) throws Exception {
    return new Verification(
            change.apply(RunningSink.settings(topic, topic.name(), nodes())),
            compared.stream().map(NodeAddress::parse).toList(),
            3,
            () -> new ZoneRowDecoder(BundledSchemas.load()),
            new Quiet())
        .run(repair);
  }

  private static SinkSettings withFoldBytes(SinkSettings settings, long bytes) {
    return new SinkSettings(
        settings.kafka(),
        settings.topic(),
        settings.group(),
        settings.layout(),
        settings.changeSettings(),
        settings.strictMemory(),
        bytes,
        settings.connections());
  }

  private MemcachedNode ownerNode(String key) {
    Placement placement =
        PlacementScheme.MODULO.place(nodes().stream().map(NodeAddress::parse).toList());
    return placement.nodeFor(("zone:" + key).getBytes(StandardCharsets.UTF_8)) == 0 ? a : b;
  }

  private RawMemcached owner(String key) {
    MemcachedNode node = ownerNode(key);
    return new RawMemcached(node);
  }

  private RawMemcached other(String key) {
    MemcachedNode node = ownerNode(key) == a ? b : a;
    return new RawMemcached(node);
  }

  private int partitionOf(String key) {
    return KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), 3);
  }

  private static List<Integer> sum(VerifyReport report) {
    long missing = report.nodes().stream().mapToLong(node -> node.count(EntryKind.MISSING)).sum();
    long different =
        report.nodes().stream().mapToLong(node -> node.count(EntryKind.DIFFERENT)).sum();
    long orphaned = report.nodes().stream().mapToLong(node -> node.count(EntryKind.ORPHANED)).sum();
    long foreign = report.nodes().stream().mapToLong(node -> node.count(EntryKind.FOREIGN)).sum();
    return List.of((int) missing, (int) different, (int) orphaned, (int) foreign);
  }

  private static final class Quiet implements VerifyProgress {
    @Override
    public void progressed(double fraction) {}

    @Override
    public void waits(String why) {}
  }
}
