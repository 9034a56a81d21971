package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.entry.ValueFormat;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.rebuild.CheckpointRemoval;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to nodes and topics, and that the pool equals the topic again afterwards. */
class RecoveryIT {
  private static final int ROWS = 2_000;

  private final Stage stage = new Stage(3, 2);
  private final TestTopic topic = stage.topic();

  @AfterEach
  void closeStage() {
    stage.close();
  }

  @Test
  void aNodeRestartedEmptyIsFilledAgain() {
    topic.setMany(ROWS, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      stage.node(0).direct().restartEmpty();
      topic.set("usps:000:005", "9");

      stage.awaitEqual(sink);
    }
  }

  @Test
  void tombstonesThatLiveTooShortlyEndTheSinkWithTheRemedy() throws Exception {
    topic.set("usps:000:005", "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      topic
          .admin()
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("delete.retention.ms", "119999"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();

      assertThat(sink.end())
          .succeedsWithin(Stage.SOON)
          .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
          .isInstanceOf(TopicUnfitException.class)
          .hasMessageContainingAll("delete.retention.ms is 119999", "needs 120000", "--alter");
    }
  }

  @Test
  void aRestartedSinkGoesOnWhereItStopped() {
    topic.setMany(ROWS, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
    topic.set("usps:000:005", "9");

    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
      assertThat(sink.entries()).isLessThan(10);
    }
  }

  @Test
  void aNodeThatWasCutOffGetsOnlyWhatItMissed() {
    topic.setMany(ROWS, "2");
    try (var sink = RunningSink.start(topic, stage.group(), stage.links(), settings -> settings)) {
      awaitInStep(sink);
      long before = sink.entries();

      stage.node(0).link().refuseConnections();
      stage.node(0).link().cut();
      for (int i = 0; i < 20; i++) {
        topic.set("usps:000:%03d".formatted(i), "9");
      }
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.status().nodes().get(0).state())
                      .isEqualTo(NodeStatus.State.DOWN));
      stage.node(0).link().acceptConnections();

      awaitInStep(sink);
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                int entries = 0;
                for (int i = 0; i < 20; i++) {
                  String key = RunningSink.PREFIX + "usps:000:%03d".formatted(i);
                  entries += stage.raw(0).get(key).filter("9"::equals).isPresent() ? 1 : 0;
                  entries += stage.raw(1).get(key).filter("9"::equals).isPresent() ? 1 : 0;
                }
                assertThat(entries).isEqualTo(20);
              });
      assertThat(sink.entries() - before).isLessThan(ROWS / 4);
    }
  }

  @Test
  void theOthersTakeOverTheShareOfANodeThatIsRemoved() {
    stage.add();
    topic.setMany(ROWS, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
    stage.removeLast();

    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }
  }

  @Test
  void entriesOfOtherSettingsAreRefusedUnlessTheyMayBeChanged() {
    topic.setMany(100, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);
    }

    try (var sink = stage.start(settings -> asJson(settings, false))) {
      await().atMost(Stage.SOON).until(sink.end()::isDone);
      assertThat(sink.end().join())
          .isInstanceOf(SettingsDifferException.class)
          .hasMessageContaining("--value-format")
          .hasMessageContaining("--change-settings");
      assertThat(stage.differences()).isEmpty();
    }

    try (var sink = stage.start(settings -> asJson(settings, true))) {
      awaitInStep(sink);
      String key = stage.keyOn(0, 0);
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(stage.raw(0).get(RunningSink.PREFIX + key))
                      .hasValueSatisfying(value -> assertThat(value).contains("\"zone\":\"2\"")));
    }
  }

  @Test
  void aTopicMadeAnewDoesNotEmptyTheCacheUntilItIsAccepted() throws Exception {
    topic.setMany(ROWS, "2");
    try (var sink = stage.start()) {
      stage.awaitEqual(sink);

      topic.delete();
      makeAnew();
      topic.set("usps:000:005", "9");

      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.status().nodes())
                      .allSatisfy(
                          node -> {
                            assertThat(node.state()).isEqualTo(NodeStatus.State.STALLED);
                            assertThat(node.detail()).contains("made anew");
                          }));
      assertThat(stage.cachedEntries()).isEqualTo(ROWS);

      acceptNewTopic(sink);

      stage.awaitEqual(sink);
    }
  }

  @Test
  void aNodeThatListsNoKeysIsFilledWhileItIsEmptyAndTakesNoOtherTopicUnasked() {
    try (var listless = new Stage(2, 0)) {
      listless.add("-o", "no_lru_crawler");
      listless.topic().setMany(ROWS, "2");
      try (var sink = listless.start()) {
        awaitInStep(sink);
        String key = RunningSink.PREFIX + "usps:000:005";

        listless.topic().delete();
        await().atMost(Stage.SOON).ignoreExceptions().untilAsserted(listless.topic()::make);
        listless.topic().set("usps:000:005", "9");

        await()
            .atMost(Stage.SOON)
            .untilAsserted(
                () -> {
                  assertThat(sink.status().nodes())
                      .singleElement()
                      .satisfies(
                          node -> {
                            assertThat(node.state()).isEqualTo(NodeStatus.State.STALLED);
                            assertThat(node.detail())
                                .startsWith("orphans cannot be swept: ")
                                .contains("no_lru_crawler");
                          });
                });
        assertThat(listless.raw(0).get(key)).hasValue("2");

        listless.raw(0).flushAll();

        await()
            .atMost(Stage.SOON)
            .untilAsserted(() -> assertThat(listless.raw(0).get(key)).hasValue("9"));
      }
    }
  }

  private void acceptNewTopic(RunningSink sink) throws IOException {
    SinkSettings settings = RunningSink.settings(topic, stage.group(), stage.addresses());
    TopicInfo info = ZoneTopic.check(topic.admin(), topic.name(), topic.partitions());
    var removal =
        new CheckpointRemoval(
            settings.claimant(info), settings.ownerCheck(info), ConnectionSettings.DEFAULT);
    assertThat(sink.end()).isNotDone();
    assertThat(removal.remove(settings.nodes(), false, false))
        .isInstanceOf(CheckpointRemoval.Outcome.OfAnotherTopic.class);
    assertThat(removal.remove(settings.nodes(), true, false))
        .isInstanceOf(CheckpointRemoval.Outcome.Removed.class);
  }

  /** A topic's name is taken until its deletion is done. */
  private void makeAnew() {
    await().atMost(Stage.SOON).ignoreExceptions().untilAsserted(topic::make);
  }

  private static void awaitInStep(RunningSink sink) {
    await()
        .atMost(Stage.SOON)
        .untilAsserted(() -> assertThat(sink.status().isInStep()).as("%s", sink.status()).isTrue());
  }

  private static SinkSettings asJson(SinkSettings its, boolean changeSettings) {
    return new SinkSettings(
        its.kafka(),
        its.topic(),
        its.group(),
        new CacheLayout(
            its.nodes(),
            its.layout().placement(),
            its.layout().keyPrefix(),
            ValueFormat.JSON,
            its.layout().clientFlags()),
        changeSettings,
        its.strictMemory(),
        its.maxFoldBytes(),
        its.connections());
  }
}
