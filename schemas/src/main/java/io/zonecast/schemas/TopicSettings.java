package io.zonecast.schemas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a topic of ours must be.
 *
 * @param required settings that are checked at every start
 * @param advised settings that the topic is made with, and that its owner may change
 */
record TopicSettings(
    String name, int partitions, Map<String, String> required, Map<String, String> advised) {
  /** The placeholder that commands in messages carry, as the broker's address is not known here. */
  private static final String BOOTSTRAP = " --bootstrap-server HOST:PORT";

  TopicSettings {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic " + name + ": " + partitions + " partitions asked for; a topic has at least 1");
    }
    required = Map.copyOf(required);
    advised = Map.copyOf(advised);
  }

  NewTopic newTopic() {
    // No replication factor: the broker's default is the cluster owner's decision.
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(all());
  }

  /** The command that creates the topic, for a user who has the right. */
  String createCommand() {
    StringBuilder command =
        new StringBuilder(
            "kafka-topics.sh%s --create --topic %s --partitions %d"
                .formatted(BOOTSTRAP, name, partitions));
    all().forEach((key, value) -> command.append(" --config ").append(key + "=" + value));
    return command.toString();
  }

  /** The command that gives a setting this value. */
  String alterCommand(String setting, String value) {
    return "kafka-configs.sh%s --alter --topic %s --add-config %s=%s"
        .formatted(BOOTSTRAP, name, setting, value);
  }

  /** Says everything that is wrong with the topic as it was found, each with its remedy. */
  List<String> problems(int foundPartitions, Map<String, @Nullable String> found) {
    List<String> problems = new ArrayList<>();
    if (foundPartitions != partitions) {
      problems.add(
          ("it has %1$d partitions, %2$d are expected; if it was made with %1$d, set"
                  + " --partitions %1$d; if partitions were added later, keys have moved between them:"
                  + " make a new topic and publish to that")
              .formatted(foundPartitions, partitions));
    }
    inOrder(required)
        .forEach(
            (setting, value) -> {
              String is = found.get(setting);
              if (!value.equals(is)) {
                problems.add(
                    "%s is \"%s\", it must be exactly \"%s\"; alter it (%s) or name another topic"
                        .formatted(setting, is, value, alterCommand(setting, value)));
              }
            });
    return problems;
  }

  /** All settings in an order that is always the same. */
  private Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>(inOrder(required));
    all.putAll(inOrder(advised));
    return all;
  }

  private static Map<String, String> inOrder(Map<String, String> settings) {
    Map<String, String> ordered = new LinkedHashMap<>();
    String policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    if (policy != null) {
      ordered.put(TopicConfig.CLEANUP_POLICY_CONFIG, policy);
    }
    settings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(setting -> ordered.put(setting.getKey(), setting.getValue()));
    return ordered;
  }
}
