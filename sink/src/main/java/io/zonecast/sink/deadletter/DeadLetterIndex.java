package io.zonecast.sink.deadletter;

import io.zonecast.schemas.TopicInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Knows which records have a dead letter, by partition and offset. A row that is too large for its
 * node is a row like any other in the topic; only its letter says why the cache lacks it.
 */
public final class DeadLetterIndex {
  private final TopicInfo source;
  private final Set<String> ids = new HashSet<>();

  /**
   * @param source the topic of the records
   */
  public DeadLetterIndex(TopicInfo source) {
    this.source = source;
  }

  /**
   * Adds a letter, unless it is of an earlier topic of that name, whose records may have the same
   * keys, or of an earlier version, which names no topic id: a fill writes that letter again.
   */
  public void add(ConsumerRecord<ByteBuffer, ByteBuffer> letter) {
    if (letter.key() != null && LetterFormat.isAbout(source.topicId(), letter.headers())) {
      ids.add(StandardCharsets.UTF_8.decode(letter.key().duplicate()).toString());
    }
  }

  /** Whether the record at this place has a letter. */
  public boolean contains(int partition, long offset) {
    return ids.contains(LetterFormat.idOf(source.name(), partition, offset));
  }
}
