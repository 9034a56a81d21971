package io.zonecast.schemas;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Makes and checks topics as their {@link TopicSettings} want them. */
record TopicAdmin(Admin admin) {
  /** How long a topic just made may take until every broker that is asked knows it. */
  private static final Duration SPREADING = Duration.ofSeconds(30);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** Makes the topic if it does not exist, and checks it either way. */
  TopicInfo ensure(TopicSettings settings) {
    return find(settings).orElseGet(() -> make(settings));
  }

  /** Makes a topic that was not found, and checks it. */
  TopicInfo make(TopicSettings settings) {
    create(settings);
    long deadline = System.nanoTime() + SPREADING.toNanos();
    while (true) {
      Optional<TopicInfo> made = find(settings);
      if (made.isPresent()) {
        awaitLeaders(made.get());
        return made.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TopicUnfitException(
            "topic %s was made, but is not to be seen after %d s; check the brokers, then try again"
                .formatted(settings.name(), SPREADING.toSeconds()));
      }
      pause();
    }
  }

  /**
   * A broker shows a new topic a moment before it takes records for it. An idempotent producer that
   * is refused its first batch, and has its second one taken, is stuck: the first stays out of
   * order until its delivery times out. Offsets are answered by what takes the records.
   */
  private void awaitLeaders(TopicInfo topic) {
    BrokerAnswers.await(
        TopicEnds.high(admin, TopicEnds.partitions(topic.name(), topic.partitions())));
  }

  /** Checks the topic; empty if it does not exist. */
  Optional<TopicInfo> find(TopicSettings settings) {
    String name = settings.name();
    // Asked first, and waited for last: one round trip less.
    KafkaFuture<String> clusterId = admin.describeCluster().clusterId();
    try {
      TopicDescription description =
          BrokerAnswers.await(
              BrokerAnswers.of(admin.describeTopics(Set.of(name)).topicNameValues(), name));
      Map<String, @Nullable String> configs = configsOf(name);
      List<String> problems = settings.problems(description.partitions().size(), configs);
      if (!problems.isEmpty()) {
        throw new TopicUnfitException("topic " + name + ": " + String.join("; also, ", problems));
      }
      return Optional.of(
          new TopicInfo(
              BrokerAnswers.await(clusterId),
              name,
              description.topicId(),
              description.partitions().size(),
              deleteRetention(configs)));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    } catch (AuthorizationException e) {
      throw new TopicUnfitException(
          ("topic %s: not allowed to look at it (%s); ask an administrator for Describe and"
                  + " DescribeConfigs on it")
              .formatted(name, e.getMessage()),
          // Kafka does not say which topic, and a command may look at several.
          new TopicAuthorizationException(e.getMessage(), Set.of(name)));
    }
  }

  /** The topics that the brokers show to this user, without internal ones. */
  Set<String> names(Predicate<String> which) {
    return BrokerAnswers.await(admin.listTopics().names()).stream()
        .filter(which)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Throws what a broker answers to a record for a topic that this user may not write to. */
  void requireWrite(String name) {
    TopicDescription described =
        BrokerAnswers.await(
            BrokerAnswers.of(
                admin
                    .describeTopics(
                        Set.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues(),
                name));
    Set<AclOperation> allowed = described.authorizedOperations();
    // Null from a broker that does not tell: then the first record does.
    if (allowed != null && !allowed.contains(AclOperation.WRITE)) {
      throw new TopicAuthorizationException(Set.of(name));
    }
  }

  /**
   * Looks a setting of a topic up. Empty if there is no such topic, as far as this user may know; a
   * topic just made is not known to every broker yet.
   */
  Optional<String> setting(String name, String setting) {
    try {
      return Optional.ofNullable(configsOf(name).get(setting));
    } catch (UnknownTopicOrPartitionException | InvalidTopicException | AuthorizationException e) {
      return Optional.empty();
    }
  }

  private void create(TopicSettings settings) {
    try {
      BrokerAnswers.await(admin.createTopics(List.of(settings.newTopic())).all());
    } catch (TopicExistsException e) {
      // Another process was faster; what it made is checked like any other topic.
    } catch (AuthorizationException e) {
      throw notMade(settings, "this user has no right to make it", e);
    } catch (PolicyViolationException | InvalidReplicationFactorException e) {
      throw notMade(settings, "the brokers refuse to make it (" + e.getMessage() + ")", e);
    }
  }

  private static TopicUnfitException notMade(
      TopicSettings settings, String reason, KafkaException cause) {
    return new TopicUnfitException(
        "topic %s does not exist, and %s; ask an administrator to run: %s"
            .formatted(settings.name(), reason, settings.createCommand()),
        cause);
  }

  private Map<String, @Nullable String> configsOf(String name) {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Map<String, @Nullable String> configs = new HashMap<>();
    BrokerAnswers.await(BrokerAnswers.of(admin.describeConfigs(Set.of(topic)).values(), topic))
        .entries()
        .forEach(entry -> configs.put(entry.name(), entry.value()));
    return configs;
  }

  Duration deleteRetention(String name) {
    return deleteRetention(configsOf(name));
  }

  private static Duration deleteRetention(Map<String, @Nullable String> configs) {
    String milliseconds = configs.get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
    if (milliseconds == null) {
      throw new IllegalStateException(
          "the broker answers no " + TopicConfig.DELETE_RETENTION_MS_CONFIG);
    }
    return Duration.ofMillis(Long.parseLong(milliseconds));
  }

  /** Kafka has no answer that waits for metadata to spread: one asks again. */
  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
