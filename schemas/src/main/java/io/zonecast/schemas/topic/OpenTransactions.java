package io.zonecast.schemas.topic;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Whose open transactions hold back the records behind them. */
public final class OpenTransactions {
  private OpenTransactions() {}

  /**
   * The producers that have a transaction open on each of {@code partitions}, the oldest
   * transaction first.
   *
   * @throws KafkaException if this user may not ask, or a partition has no leader just now
   */
  public static Map<TopicPartition, List<ProducerState>> of(
      Admin admin, Collection<TopicPartition> partitions) {
    Map<TopicPartition, List<ProducerState>> open = new HashMap<>();
    BrokerAnswers.await(admin.describeProducers(partitions).all())
        .forEach(
            (partition, state) ->
                open.put(
                    partition,
                    state.activeProducers().stream()
                        .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                        .sorted(
                            Comparator.comparingLong(
                                producer -> producer.currentTransactionStartOffset().getAsLong()))
                        .toList()));
    return open;
  }

  /**
   * The {@code transactional.id} of a producer; empty if no broker knows it any more.
   *
   * @throws KafkaException if the brokers do not tell this user
   */
  public static Optional<String> transactionalId(Admin admin, ProducerState producer) {
    return BrokerAnswers.await(
            admin
                .listTransactions(
                    new ListTransactionsOptions().filterProducerIds(Set.of(producer.producerId())))
                .all())
        .stream()
        .map(TransactionListing::transactionalId)
        .findFirst();
  }

  /**
   * Names the producer that holds back each of {@code partitions}: by its transactional id if the
   * brokers tell, else by its producer id. A partition is missing where no one does any more, or
   * where this user may not ask.
   */
  public static Map<TopicPartition, String> holders(Admin admin, List<TopicPartition> partitions) {
    Map<TopicPartition, String> holders = new HashMap<>();
    if (partitions.isEmpty()) {
      return holders;
    }
    try {
      of(admin, partitions)
          .forEach(
              (partition, open) ->
                  open.stream()
                      .findFirst()
                      .ifPresent(producer -> holders.put(partition, name(admin, producer))));
    } catch (KafkaException e) {
      // Not allowed to ask, or no leader just now: who holds is then unknown, the lag is not.
      return holders;
    }
    return holders;
  }

  private static String name(Admin admin, ProducerState producer) {
    String itsId = "producer " + producer.producerId();
    try {
      return transactionalId(admin, producer).orElse(itsId);
    } catch (KafkaException e) {
      return itsId;
    }
  }
}
