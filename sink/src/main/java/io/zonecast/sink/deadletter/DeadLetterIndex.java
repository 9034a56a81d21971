package io.zonecast.sink.deadletter;

import io.zonecast.schemas.TopicInfo;
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
   * Reads all letters of a topic. One of an earlier topic of that name says nothing about this
   * one's records, though it may have the same key; neither does one of an earlier version, which
   * names no topic id: a fill that meets the record again writes its letter anew.
   *
   * @param source the topic that the records are from
   * @param partitions of the topic with the letters; none if there is no such topic
   */
  public static DeadLetterIndex read(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      TopicInfo source,
      List<TopicPartition> partitions) {
    Set<String> ids = new HashSet<>();
    if (!partitions.isEmpty()) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> letter : consumer.poll(POLL)) {
          if (letter.key() != null && LetterFormat.isAbout(source.topicId(), letter.headers())) {
            ids.add(StandardCharsets.UTF_8.decode(letter.key().duplicate()).toString());
          }
        }
      }
    }
    return new DeadLetterIndex(
        ids.stream()
            .filter(id -> id.startsWith(source.name() + "-"))
            .map(id -> id.substring(source.name().length() + 1))
            .collect(Collectors.toSet()));
  }

  public boolean contains(int partition, long offset) {
    return ids.contains(partition + "-" + offset);
  }
}
