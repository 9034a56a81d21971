package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sandbox.Servers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A misspelt topic becomes no second table. */
class NewTopicIT {
  @TempDir private Path directory;
  private CommandStage stage;
  private String table;

  /** The topic's name with its last letter and one more. */
  private String misspelt;

  @BeforeEach
  void setTheStage() throws Exception {
    stage = new CommandStage(directory);
    table = stage.write("usps.csv", CommandStage.TABLE).toString();
    misspelt = stage.topic.substring(0, stage.topic.length() - 1) + "xy";
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aNewTopicIsAnnouncedAndAnExistingOneIsNot() throws Exception {
    Ran first = stage.ran("publish", table);
    Ran second = stage.ran("publish", table);

    assertThat(first.err()).contains("new topic " + stage.topic + ": 6 partitions");
    assertThat(second.err()).doesNotContain("new topic");
  }

  @Test
  void aTopicThatIsNamedAlmostAsAnotherIsRefusedUnlessAskedFor() throws Exception {
    stage.ran("publish", table);
    Map<String, String> slip = stage.with("ZONECAST_TOPIC", misspelt);
    slip.put("ZONECAST_CREATE_TOPIC", "true");

    for (String command : new String[] {"publish", "plan"}) {
      Ran refused = stage.run(slip, command, table);
      assertThat(refused.exitCode()).as(command).isEqualTo(3);
      assertThat(refused.err())
          .contains("topic " + misspelt + " does not exist", stage.topic, "--create-topic")
          .doesNotContain("new topic");
    }
    for (String command : new String[] {"sink", "stream"}) {
      Ran refused = stage.run(slip, command, "--http", "none");
      assertThat(refused.exitCode()).as(command).isEqualTo(3);
      assertThat(refused.err()).contains(stage.topic, "--create-topic");
    }
    assertThat(topics()).doesNotContain(misspelt);
    assertThat(stage.run(slip, "publish", table, "--create-topic").exitCode()).isZero();
    assertThat(topics()).contains(misspelt);
  }

  @Test
  void aPlanCreatesAndAnnouncesNoTopic() throws Exception {
    Ran planned = stage.ran("plan", table);

    assertThat(planned.err()).doesNotContain("new topic");
    assertThat(topics()).doesNotContain(stage.topic);
  }

  private static Set<String> topics() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", Servers.shared().broker().bootstrapServers()))) {
      return admin.listTopics().names().get();
    }
  }
}
