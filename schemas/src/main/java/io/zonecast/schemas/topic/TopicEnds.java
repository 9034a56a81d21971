package io.zonecast.schemas.topic;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Asks where partitions begin and end. */
public final class TopicEnds {
  private TopicEnds() {}

  /** The partitions of a topic that has {@code count} of them. */
  public static List<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  /** Both ends of each partition, in one round trip. */
  public static Map<TopicPartition, PartitionEnds> of(
      Admin admin, Collection<TopicPartition> partitions) {
    var stable = ask(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    var high = high(admin, partitions);
    Map<TopicPartition, ListOffsetsResultInfo> stableEnds = BrokerAnswers.await(stable);
    Map<TopicPartition, Long> highEnds = BrokerAnswers.await(high);
    Map<TopicPartition, PartitionEnds> ends = new HashMap<>();
    stableEnds.forEach(
        (partition, end) -> {
          // The second answer may be the older one.
          long highEnd = Math.max(BrokerAnswers.of(highEnds, partition), end.offset());
          ends.put(partition, new PartitionEnds(end.offset(), highEnd, end.leaderEpoch()));
        });
    return ends;
  }

  /**
   * Asks for the high watermarks, and does not wait. Not for the last stable offsets: the markers
   * of a transaction that has just committed may still be on their way, and what it wrote counts.
   */
  public static KafkaFuture<Map<TopicPartition, Long>> high(
      Admin admin, Collection<TopicPartition> partitions) {
    return offsets(ask(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
  }

  /** Asks for the oldest offsets that are still there, and does not wait. */
  public static KafkaFuture<Map<TopicPartition, Long>> starts(
      Admin admin, Collection<TopicPartition> partitions) {
    return offsets(ask(admin, partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED));
  }

  /**
   * How far {@code consumer} can read now, by its isolation level. It is assigned the partitions: a
   * consumer complains of ends that it learns of partitions which are not its own.
   */
  public static Map<TopicPartition, Long> of(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    consumer.assign(partitions);
    return consumer.endOffsets(partitions);
  }

  private static KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ask(
      Admin admin,
      Collection<TopicPartition> partitions,
      OffsetSpec which,
      IsolationLevel isolation) {
    return admin
        .listOffsets(
            partitions.stream().collect(Collectors.toMap(p -> p, p -> which)),
            new ListOffsetsOptions(isolation))
        .all();
  }

  private static KafkaFuture<Map<TopicPartition, Long>> offsets(
      KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> answer) {
    return answer.thenApply(
        all ->
            all.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset())));
  }
}
