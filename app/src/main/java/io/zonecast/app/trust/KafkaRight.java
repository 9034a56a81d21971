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
import io.zonecast.schemas.ZoneTopic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a command does with one resource of Kafka's, and so what its user must be allowed, no more.
 * Read and Write include Describe. {@code docs/security.md} has the same table.
 *
 * @param name the resource's
 */
public record KafkaRight(ResourceType type, String name, List<AclOperation> operations) {
  public KafkaRight {
    operations = List.copyOf(operations);
  }

  /** All that {@code command} needs; nothing for one that does not speak to Kafka. */
  public static List<KafkaRight> of(String command, String topic, String group) {
    String letters = ZoneTopic.deadLettersOf(topic);
    return switch (command) {
      case "plan" -> List.of(onTopic(topic, READ, DESCRIBE_CONFIGS));
      case "publish" ->
          List.of(
              // Create, where it is to make the topic on first use.
              onTopic(topic, CREATE, READ, WRITE, DESCRIBE_CONFIGS),
              new KafkaRight(
                  TRANSACTIONAL_ID, PublishSettings.of(topic).transactionalId(), List.of(WRITE)));
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
        + name;
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
