package io.zonecast.app.trust;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import io.zonecast.ingest.publish.PublishSettings;
import io.zonecast.ingest.stream.StreamSettings;
import io.zonecast.schemas.ZoneTopic;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a command does with one resource of Kafka's, and so what its user must be allowed, no more.
 * Read and Write include Describe. {@code docs/security.md} has the same table.
 *
 * @param name the resource's; where it ends with {@value #ANY}, all names that begin so
 */
public record KafkaRight(ResourceType type, String name, List<AclOperation> operations) {
  private static final String ANY = "-*";

  public KafkaRight {
    operations = List.copyOf(operations);
  }

  /** As below, with the streams' group by default. */
  public static List<KafkaRight> of(String command, String topic, String group) {
    return of(command, topic, group, StreamSettings.groupOf(topic));
  }

  /** All that {@code command} needs; nothing for one that does not speak to Kafka. */
  public static List<KafkaRight> of(
      String command, String topic, String group, String streamGroup) {
    String letters = ZoneTopic.deadLettersOf(topic);
    String updates = ZoneTopic.updatesOf(topic);
    String publishes = ZoneTopic.publishesOf(topic);
    KafkaRight publishing =
        new KafkaRight(TRANSACTIONAL_ID, PublishSettings.transactionalIdOf(topic), List.of(WRITE));
    return switch (command) {
      case "plan" -> List.of(onTopic(topic, READ, DESCRIBE_CONFIGS));
      case "publish" ->
          List.of(
              // Create, where it is to make the topic on first use.
              onTopic(topic, CREATE, READ, WRITE, DESCRIBE_CONFIGS),
              onTopic(publishes, CREATE, WRITE, DESCRIBE_CONFIGS),
              publishing);
      case "history" -> List.of(onTopic(publishes, READ, DESCRIBE_CONFIGS));
      case "undo" ->
          List.of(
              onTopic(topic, READ, WRITE, DESCRIBE_CONFIGS),
              onTopic(publishes, CREATE, READ, WRITE, DESCRIBE_CONFIGS),
              publishing);
      case "export" -> List.of(onTopic(topic, READ, DESCRIBE_CONFIGS));
      case "delete" ->
          List.of(
              onTopic(topic, READ, WRITE, DESCRIBE_CONFIGS),
              onTopic(publishes, CREATE, WRITE, DESCRIBE_CONFIGS),
              publishing);
      case "update" ->
          List.of(
              onTopic(updates, CREATE, WRITE, DESCRIBE_CONFIGS),
              new KafkaRight(GROUP, streamGroup, List.of(DESCRIBE)));
      case "stream" ->
          List.of(
              onTopic(topic, CREATE, READ, WRITE, DESCRIBE_CONFIGS),
              onTopic(updates, CREATE, READ, DESCRIBE_CONFIGS),
              onTopic(ZoneTopic.rejectedOf(topic), CREATE, WRITE, DESCRIBE_CONFIGS),
              new KafkaRight(GROUP, streamGroup, List.of(READ)),
              // One for each thread of each member.
              new KafkaRight(TRANSACTIONAL_ID, streamGroup + ANY, List.of(WRITE)));
      case "sink" ->
          List.of(
              onTopic(topic, CREATE, READ, DESCRIBE_CONFIGS),
              onTopic(letters, CREATE, WRITE, DESCRIBE_CONFIGS),
              new KafkaRight(GROUP, group, List.of(READ)));
      case "rebuild" ->
          List.of(
              onTopic(topic, READ, DESCRIBE_CONFIGS),
              onTopic(letters, CREATE, WRITE, DESCRIBE_CONFIGS),
              new KafkaRight(GROUP, group, List.of(READ)));
      case "verify" -> List.of(onTopic(topic, READ, DESCRIBE_CONFIGS), onTopic(letters, READ));
      case "lag" -> List.of(onTopic(topic, READ), new KafkaRight(GROUP, group, List.of(DESCRIBE)));
      default -> List.of();
    };
  }

  private static KafkaRight onTopic(String name, AclOperation... operations) {
    return new KafkaRight(TOPIC, name, List.of(operations));
  }

  /** The part of a {@code kafka-acls.sh --add} that grants it. */
  String options() {
    return operations.stream()
            .map(operation -> "--operation " + nameOf(operation))
            .collect(Collectors.joining(" "))
        + " --"
        + type.name().toLowerCase(Locale.ROOT).replace('_', '-')
        + " "
        + prefix().orElse(name)
        + (prefix().isPresent() ? " --resource-pattern-type prefixed" : "");
  }

  /** With what all names begin that are meant; empty if only one is. */
  public Optional<String> prefix() {
    return name.endsWith(ANY)
        ? Optional.of(name.substring(0, name.length() - 1))
        : Optional.empty();
  }

  /** As {@code kafka-acls.sh} writes it: {@code DescribeConfigs}. */
  public static String nameOf(AclOperation operation) {
    StringBuilder name = new StringBuilder();
    for (String word : operation.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }
}
