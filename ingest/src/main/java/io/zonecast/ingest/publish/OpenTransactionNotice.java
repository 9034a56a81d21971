package io.zonecast.ingest.publish;

import io.zonecast.schemas.topic.OpenTransactions;
import io.zonecast.schemas.topic.Patience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whose open transaction keeps a reader of committed records from going on. Thread-safe, so
 * that readers of several partitions name each once.
 */
final class OpenTransactionNotice implements Patience.Standstill {
  private static final Logger log = LoggerFactory.getLogger(OpenTransactionNotice.class);

  private final Admin admin;
  private final String ownTransactionalId;
  private final Clock clock;
  private final Set<Long> named = new HashSet<>();

  OpenTransactionNotice(Admin admin, String ownTransactionalId, Clock clock) {
    this.admin = admin;
    this.ownTransactionalId = ownTransactionalId;
    this.clock = clock;
  }

  /**
   * Looks for transactions that are open at the reader's positions, and logs each once.
   *
   * @return whether there is any, so that waiting makes sense
   */
  @Override
  public synchronized boolean explain(Map<TopicPartition, Long> behind, boolean again) {
    try {
      boolean any = false;
      for (var partition : OpenTransactions.of(admin, behind.keySet()).entrySet()) {
        for (ProducerState producer : partition.getValue()) {
          any = true;
          if (named.add(producer.producerId())) {
            warn(partition.getKey(), behind.getOrDefault(partition.getKey(), 0L), producer);
          }
        }
      }
      return any;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      log.warn(
          "Reading {} stands still, and the brokers do not say why: {}. It goes on if they let it;"
              + " the right DESCRIBE or READ on the topic lets this command name open transactions",
          behind.keySet(),
          String.valueOf(e));
      return false;
    }
  }

  private void warn(TopicPartition partition, Long position, ProducerState producer) {
    String id = transactionalId(producer);
    log.warn(
        "Reading {} is held back at offset {} by an open transaction of transactional.id {}"
            + " (producer {}, epoch {}, last heard of {} s ago). It goes on when that one ends, at"
            + " the latest by its transaction.timeout.ms; {}",
        partition,
        position,
        id,
        producer.producerId(),
        producer.producerEpoch(),
        Duration.between(Instant.ofEpochMilli(producer.lastTimestamp()), clock.instant())
            .toSeconds(),
        id.equals(ownTransactionalId)
            ? "a publish to this topic, if it is dead, is cleared by the next publish"
            : "if its owner is dead, kafka-transactions.sh abort ends it now");
  }

  private String transactionalId(ProducerState producer) {
    try {
      return OpenTransactions.transactionalId(admin, producer).orElse("(unknown)");
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      return "(not to be learned: " + e + ")";
    }
  }
}
