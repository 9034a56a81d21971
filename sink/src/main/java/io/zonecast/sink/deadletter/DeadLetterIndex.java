package io.zonecast.sink.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that were put aside, by partition and offset. An entry that is too large for its node
 * is a row like any other in the topic; only its letter says why it is not in the cache.
 */
public final class DeadLetterIndex {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Set<String> ids;

  private DeadLetterIndex(Set<String> ids) {
    this.ids = ids;
  }

  /**
   * Reads all letters.
   *
   * @param source the topic that the records are from
   * @param partitions of the topic with the letters; none if there is no such topic
   */
  public static DeadLetterIndex read(
      Consumer<ByteBuffer, ByteBuffer> consumer, String source, List<TopicPartition> partitions) {
    Set<String> ids = new HashSet<>();
    if (!partitions.isEmpty()) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> letter : consumer.poll(POLL)) {
          if (letter.key() != null) {
            ids.add(StandardCharsets.UTF_8.decode(letter.key().duplicate()).toString());
          }
        }
      }
    }
    return new DeadLetterIndex(
        ids.stream()
            .filter(id -> id.startsWith(source + "-"))
            .map(id -> id.substring(source.length() + 1))
            .collect(Collectors.toSet()));
  }

  public boolean contains(int partition, long offset) {
    return ids.contains(partition + "-" + offset);
  }
}
