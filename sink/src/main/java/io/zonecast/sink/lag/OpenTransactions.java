package io.zonecast.sink.lag;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Whose open transactions hold back the records behind them. */
public final class OpenTransactions {
  private OpenTransactions() {}

  /**
   * Names the producer that holds back each of {@code partitions}: by its transactional id if the
   * brokers tell, else by its producer id. A partition is missing where nobody does any more, or
   * where this user may not ask.
   */
  public static Map<TopicPartition, String> holders(Admin admin, List<TopicPartition> partitions) {
    Map<TopicPartition, String> holders = new HashMap<>();
    if (partitions.isEmpty()) {
      return holders;
    }
    try {
      Map<TopicPartition, PartitionProducerState> states =
          Answers.await(admin.describeProducers(partitions).all());
      states.forEach(
          (partition, state) ->
              oldestOpen(state)
                  .ifPresent(producer -> holders.put(partition, name(admin, producer))));
    } catch (KafkaException e) {
      // Not allowed to ask, or no leader just now: who holds is then unknown, the lag is not.
      return holders;
    }
    return holders;
  }

  private static Optional<ProducerState> oldestOpen(PartitionProducerState state) {
    return state.activeProducers().stream()
        .filter(producer -> producer.currentTransactionStartOffset().isPresent())
        .min(
            Comparator.comparingLong(
                producer -> producer.currentTransactionStartOffset().getAsLong()));
  }

  private static String name(Admin admin, ProducerState producer) {
    long id = producer.producerId();
    try {
      return Answers.await(
              admin
                  .listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(id)))
                  .all())
          .stream()
          .findFirst()
          .map(TransactionListing::transactionalId)
          .orElse("producer " + id);
    } catch (KafkaException e) {
      return "producer " + id;
    }
  }
}
