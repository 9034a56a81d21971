package io.zonecast.ingest.publish;

import static java.util.Objects.requireNonNull;

import io.zonecast.schemas.NewTopicRule;
import io.zonecast.schemas.ZoneTopic;
import java.time.Duration;
import java.util.Optional;

/**
 * What a publish goes by.
 *
 * @param topic the topic's name
 * @param partitions how many partitions the topic has, or is made with
 * @param transactionTimeout how long the transaction may be open before the broker aborts it; at
 *     most the broker's {@code transaction.max.timeout.ms}. Readers are held back by a publisher
 *     that died for as long, unless the next one comes earlier
 * @param guards when to refuse
 * @param log who publishes, for the log of publishes; empty to write none
 * @param newTopic asked before the topic is made
 */
public record PublishSettings(
    String topic,
    int partitions,
    Duration transactionTimeout,
    Guards guards,
    Optional<PublishedBy> log,
    NewTopicRule newTopic) {
  /** Two minutes: some fifty million rows on a good machine, ten million on a poor one. */
  public static final Duration DEFAULT_TRANSACTION_TIMEOUT = Duration.ofMinutes(2);

  /** Any topic may be made. */
  public PublishSettings(
      String topic,
      int partitions,
      Duration transactionTimeout,
      Guards guards,
      Optional<PublishedBy> log) {
    this(topic, partitions, transactionTimeout, guards, log, NewTopicRule.ANY);
  }

  public PublishSettings {
    requireNonNull(topic, "topic");
    requireNonNull(guards, "guards");
    if (transactionTimeout.toMillis() < 1 || transactionTimeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "--transaction-timeout " + transactionTimeout + ": must be from 1 ms to 24 days");
    }
  }

  /** Everything by default. */
  public static PublishSettings of(String topic) {
    return new PublishSettings(
        topic,
        ZoneTopic.DEFAULT_PARTITIONS,
        DEFAULT_TRANSACTION_TIMEOUT,
        Guards.STRICT,
        Optional.of(PublishedBy.process(Optional.empty())));
  }

  /**
   * One publisher a topic: a second one takes the id from the first, whose transaction is aborted.
   */
  public String transactionalId() {
    return transactionalIdOf(topic);
  }

  public static String transactionalIdOf(String topic) {
    return "zonecast-publish-" + topic;
  }
}
