package io.zonecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.fixture.BrokerMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZoneTopicIT {
  private final String topic = "zones-" + UUID.randomUUID();
  private Admin admin;

  @BeforeEach
  void connect() {
    admin = Admin.create(Map.of("bootstrap.servers", Servers.shared().broker().bootstrapServers()));
  }

  @AfterEach
  void disconnect() {
    admin.close();
  }

  @Test
  void theTopicIsMadeOnFirstUseWithItsSettings() throws Exception {
    TopicInfo made = ZoneTopic.ensure(admin, topic, ZoneTopic.DEFAULT_PARTITIONS);

    assertThat(made.name()).isEqualTo(topic);
    assertThat(made.partitions()).isEqualTo(6);
    assertThat(made.deleteRetention()).isEqualTo(Duration.ofDays(7));
    assertThat(settingsOf(topic))
        .containsEntry("cleanup.policy", "compact")
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("min.cleanable.dirty.ratio", "0.1")
        .containsEntry("max.compaction.lag.ms", "3600000");
  }

  @Test
  void aTopicThatExistsIsFoundAgainAsTheSameOne() {
    TopicInfo made = ZoneTopic.ensure(admin, topic, 3);

    assertThat(ZoneTopic.ensure(admin, topic, 3)).isEqualTo(made);
    assertThat(ZoneTopic.check(admin, topic, 3)).isEqualTo(made);
  }

  @Test
  void aTopicMadeAnewIsAnotherOne() throws Exception {
    TopicInfo first = ZoneTopic.ensure(admin, topic, 1);
    admin.deleteTopics(Set.of(topic)).all().get();
    BrokerMetadata.settle(admin);

    TopicInfo second = ZoneTopic.ensure(admin, topic, 1);

    assertThat(second.topicId()).isNotEqualTo(first.topicId());
  }

  @Test
  void lookingNeverMakesTheTopic() throws Exception {
    assertThat(ZoneTopic.find(admin, topic, 6)).isEmpty();
    assertThatThrownBy(() -> ZoneTopic.check(admin, topic, 6))
        .isInstanceOf(TopicUnfitException.class)
        .hasMessageContaining("topic " + topic + " does not exist");

    assertThat(admin.listTopics().names().get()).doesNotContain(topic);
  }

  @Test
  void aNewTopicIsJudgedBesideTablesAlone() {
    Set<String> seen = new HashSet<>();
    ZoneTopic.ensure(admin, topic, 1);
    ZoneTopic.ensureUpdates(admin, topic, 1);
    ZoneTopic.ensureRejected(admin, topic);
    ZoneTopic.ensureDeadLetters(admin, topic);
    ZoneTopic.ensurePublishes(admin, topic);

    ZoneTopic.find(admin, topic + "-new", 1, (name, partitions, others) -> seen.addAll(others));

    assertThat(seen)
        .contains(topic)
        .noneMatch(name -> name.startsWith(topic) && !name.equals(topic))
        .noneMatch(name -> name.startsWith("_"));
    assertThat(ZoneTopic.find(admin, topic + "-new", 1)).isEmpty();
  }

  @Test
  void aTopicThatItsRuleRefusesIsNotMade() {
    NewTopicRule refusal =
        (name, partitions, others) -> {
          throw new IllegalArgumentException(name + " of " + partitions);
        };

    assertThatThrownBy(() -> ZoneTopic.ensure(admin, topic, 3, refusal))
        .hasMessage(topic + " of 3");

    assertThat(ZoneTopic.find(admin, topic, 3)).isEmpty();
  }

  @Test
  void theTopicsOfATableHaveNamesOfTheirOwn() {
    String table = ZoneTopic.DEFAULT_NAME;

    assertThat(
            List.of(
                table,
                ZoneTopic.updatesOf(table),
                ZoneTopic.rejectedOf(table),
                ZoneTopic.deadLettersOf(table),
                ZoneTopic.publishesOf(table)))
        .doesNotHaveDuplicates();
  }

  @Test
  void everythingUnfitIsNamedAtOnceWithItsRemedy() throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(topic, 2, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact,delete"))))
        .all()
        .get();
    BrokerMetadata.settle(admin);

    assertThatThrownBy(() -> ZoneTopic.ensure(admin, topic, 6))
        .isInstanceOf(TopicUnfitException.class)
        .hasMessageContaining("it has 2 partitions, 6 are expected")
        .hasMessageContaining("set --partitions 2")
        .hasMessageContaining(
            "cleanup.policy is \"compact,delete\", it must be exactly \"compact\"")
        .hasMessageContaining("--alter --topic " + topic + " --add-config cleanup.policy=compact")
        .hasMessageContaining("message.timestamp.type is \"CreateTime\"");
  }

  @Test
  void deadLettersAreCompactedBesideTheTopic() throws Exception {
    TopicInfo letters = ZoneTopic.ensureDeadLetters(admin, topic);

    assertThat(letters.name()).isEqualTo(topic + ".dead-letters");
    assertThat(settingsOf(letters.name())).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void updatesAndThoseRejectedHaveTopicsOfTheirOwnThatForgetInTime() throws Exception {
    TopicInfo updates = ZoneTopic.ensureUpdates(admin, topic, 3);
    TopicInfo rejected = ZoneTopic.ensureRejected(admin, topic);

    assertThat(updates.name()).isEqualTo(topic + "-updates");
    assertThat(updates.partitions()).isEqualTo(3);
    assertThat(settingsOf(updates.name()))
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "604800000");
    assertThat(rejected.name()).isEqualTo(topic + "-updates.rejected");
    assertThat(settingsOf(rejected.name())).containsEntry("cleanup.policy", "delete");
    assertThat(ZoneTopic.updatesOf("zones")).isEqualTo("zone-updates");
  }

  @Test
  void brokersTellWhenAnUpdateCameAndWhereTheyDoNotTheCommandIsSaid() throws Exception {
    ZoneTopic.ensureUpdates(admin, topic, 1);
    String older = topic + "-older";
    admin
        .createTopics(
            List.of(
                new NewTopic(ZoneTopic.updatesOf(older), 1, (short) 1)
                    .configs(Map.of("cleanup.policy", "delete"))))
        .all()
        .get();
    BrokerMetadata.settle(admin);

    assertThat(ZoneTopic.ensureUpdates(admin, older, 1).partitions()).isOne();

    assertThat(ZoneTopic.adviceOnUpdates(admin, topic)).isEmpty();
    assertThat(ZoneTopic.adviceOnUpdates(admin, older))
        .hasValueSatisfying(
            advice ->
                assertThat(advice)
                    .contains("message.timestamp.type is \"CreateTime\"")
                    .contains(
                        "--alter --topic "
                            + older
                            + "-updates --add-config message.timestamp.type=LogAppendTime"));
  }

  /** A broker that does not know a topic just made answers as for one that does not exist. */
  @Test
  void thereIsNoAdviceOnATopicThatTheBrokerDoesNotKnow() {
    assertThat(ZoneTopic.adviceOnUpdates(admin, topic)).isEmpty();
  }

  @Test
  void aSecondTableWithTheSameTopicOfUpdatesIsNotMade() {
    ZoneTopic.ensure(admin, topic, 1);

    assertThatThrownBy(() -> ZoneTopic.ensure(admin, topic + "s", 1))
        .isInstanceOf(TopicUnfitException.class)
        .hasMessageContaining("topic " + topic + "s: topic " + topic + " is a table too")
        .hasMessageContaining("both have their updates in topic " + topic + "-updates");
    assertThat(ZoneTopic.find(admin, topic + "s", 1)).isEmpty();
    assertThatThrownBy(() -> ZoneTopic.ensureUpdates(admin, topic + "s", 1))
        .isInstanceOf(TopicUnfitException.class);
  }

  @Test
  void twoTablesWithOneTopicOfUpdatesStayAndNeitherTakesUpdates() throws Exception {
    admin
        .createTopics(
            Stream.of(topic, topic + "s")
                .map(
                    name ->
                        new NewTopic(name, 1, (short) 1)
                            .configs(
                                Map.of(
                                    "cleanup.policy",
                                    "compact",
                                    "message.timestamp.type",
                                    "LogAppendTime")))
                .toList())
        .all()
        .get();
    BrokerMetadata.settle(admin);

    assertThat(ZoneTopic.ensure(admin, topic, 1).name()).isEqualTo(topic);
    assertThat(ZoneTopic.ensure(admin, topic + "s", 1).name()).isEqualTo(topic + "s");
    for (String table : List.of(topic, topic + "s")) {
      assertThatThrownBy(() -> ZoneTopic.ensureUpdates(admin, table, 1))
          .isInstanceOf(TopicUnfitException.class)
          .hasMessageContaining(topic + "s")
          .hasMessageContaining("is a table too");
    }
  }

  @Test
  void aTopicThatIsNoTableIsNobodysTwin() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic + "s", 1, (short) 1))).all().get();
    BrokerMetadata.settle(admin);

    assertThat(ZoneTopic.ensure(admin, topic, 1).name()).isEqualTo(topic);
  }

  private Map<String, String> settingsOf(String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Map<String, String> settings = new HashMap<>();
    for (Config config : admin.describeConfigs(Set.of(resource)).all().get().values()) {
      config.entries().forEach(entry -> settings.put(entry.name(), entry.value()));
    }
    return settings;
  }
}
