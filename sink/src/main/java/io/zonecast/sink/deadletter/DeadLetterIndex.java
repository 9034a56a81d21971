package io.zonecast.sink.deadletter;

import io.zonecast.schemas.TopicInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records that were put aside, by partition and offset. An entry that is too large for its node
 * is a row like any other in the topic; only its letter says why it is not in the cache.
 */
public final class DeadLetterIndex {
  private final TopicInfo source;
  private final Set<String> ids = new HashSet<>();

  /**
   * Knows no letter yet.
   *
   * @param source the topic that the records are from
   */
  public DeadLetterIndex(TopicInfo source) {
    this.source = source;
  }

  /**
   * Adds a letter. One of an earlier topic of that name says nothing about this one's records,
   * though it may have the same key; neither does one of an earlier version, which names no topic
   * id: a fill that meets the record again writes its letter again.
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
