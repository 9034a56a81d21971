package io.zonecast.app.trust;

import io.zonecast.schemas.ZoneTopic;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Says which right is missing. Kafka names the resource and never the operation: the line has all
 * that the command does with the resource, as an administrator can paste it.
 */
final class RightsRefusal {
  private final KafkaAccess access;
  private final List<KafkaRight> rights;

  RightsRefusal(KafkaAccess access, List<KafkaRight> rights) {
    this.access = access;
    this.rights = rights;
  }

  String line(AuthorizationException refused) {
    ResourceType type = typeOf(refused);
    Optional<KafkaRight> right =
        rights.stream()
            .filter(each -> each.type() == type)
            .filter(each -> isMeant(each, refused))
            .findFirst();
    String user = KafkaUser.of(access.kafka());
    if (right.isEmpty()) {
      return "Kafka at %s does not allow this to %s (%s); let an administrator grant it"
          .formatted(access.bootstrapServers(), user, refused.getMessage());
    }
    String withoutLog =
        access.command().equals("publish")
                && right.get().name().equals(ZoneTopic.publishesOf(access.topic()))
            ? " (--without-log does without)"
            : "";
    return ("Kafka does not allow %s to do with %s %s what %s does%s; let an administrator run:"
            + " kafka-acls.sh --bootstrap-server %s --add --allow-principal \"%s\" %s")
        .formatted(
            user,
            type.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            right.get().name(),
            access.command(),
            withoutLog,
            access.bootstrapServers(),
            user,
            right.get().options());
  }

  /** Where Kafka does not say which topic, it is the first that the command looks at. */
  private static boolean isMeant(KafkaRight right, AuthorizationException refused) {
    return !(refused instanceof TopicAuthorizationException topics)
        || topics.unauthorizedTopics().isEmpty()
        || topics.unauthorizedTopics().contains(right.name());
  }

  private static ResourceType typeOf(AuthorizationException refused) {
    if (refused instanceof TopicAuthorizationException) {
      return ResourceType.TOPIC;
    }
    if (refused instanceof GroupAuthorizationException) {
      return ResourceType.GROUP;
    }
    if (refused instanceof TransactionalIdAuthorizationException) {
      return ResourceType.TRANSACTIONAL_ID;
    }
    return refused instanceof ClusterAuthorizationException
        ? ResourceType.CLUSTER
        : ResourceType.UNKNOWN;
  }
}
