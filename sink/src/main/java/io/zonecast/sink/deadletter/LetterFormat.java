package io.zonecast.sink.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a letter looks like. Its key is {@code topic-partition-offset}, so that compaction
 * leaves one letter of a record. Its headers are those of Kafka Connect (KIP-298), which Connect's
 * tools read, and a few of ours.
 *
 * @param topic of the letters
 * @param sourceId the id of the records' topic
 * @param group of the sink
 */
record LetterFormat(String topic, Uuid sourceId, String group) {
  /** The id of the record's topic: a recreated topic has other records. */
  private static final String TOPIC_ID = "__zonecast.topic.id";

  private static final String REASON = "__connect.errors.exception.message";
  private static final String KEY = "__zonecast.key";

  /** Only in a shortened letter: the bytes of the record that it leaves out. */
  private static final String LEFT_OUT = "__zonecast.left.out.bytes";

  private static final String FROM_TOPIC = "__connect.errors.topic";
  private static final String FROM_PARTITION = "__connect.errors.partition";
  private static final String FROM_OFFSET = "__connect.errors.offset";
  private static final String MET_BY = "__connect.errors.connector.name";

  private static final List<String> KEPT =
      List.of(FROM_TOPIC, FROM_PARTITION, FROM_OFFSET, MET_BY, TOPIC_ID, REASON, KEY);

  /** The bytes that a shortened letter keeps of a reason or key; a zone key has 98 at most. */
  private static final int MOST_OF_A_FIELD = 1_000;

  // Null would be a tombstone, and compaction would take the letter away.
  private static final byte[] NO_VALUE = {};

  /** The key of a record's letter. */
  static String idOf(String topic, int partition, long offset) {
    return topic + '-' + partition + '-' + offset;
  }

  /** A letter with the whole record, copied, since a record may share the memory of a fetch. */
  ProducerRecord<byte[], byte[]> whole(
      ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    var headers = new RecordHeaders(record.headers());
    headers.add(FROM_TOPIC, bytes(record.topic()));
    headers.add(FROM_PARTITION, bytes(Integer.toString(record.partition())));
    headers.add(FROM_OFFSET, bytes(Long.toString(record.offset())));
    headers.add(MET_BY, bytes(group));
    headers.add(TOPIC_ID, bytes(sourceId.toString()));
    headers.add(REASON, bytes(reason));
    byte[] key = bytes(record.key());
    if (key != null) {
      headers.add(KEY, key);
    }
    byte[] value = bytes(record.value());
    String id = idOf(record.topic(), record.partition(), record.offset());
    return new ProducerRecord<>(topic, null, bytes(id), value == null ? NO_VALUE : value, headers);
  }

  /** The bytes of a letter's value and headers, which include the record's key. */
  static long bytesOf(ProducerRecord<byte[], byte[]> letter) {
    long bytes = letter.value().length;
    for (Header header : letter.headers()) {
      bytes += header.key().length() + sizeOf(header);
    }
    return bytes;
  }

  /**
   * A letter without what may be large: the value, the record's own headers, a key that is not a
   * zone key.
   */
  static ProducerRecord<byte[], byte[]> shortened(ProducerRecord<byte[], byte[]> whole) {
    long leftOut = bytesOf(whole);
    var headers = new RecordHeaders();
    for (String name : KEPT) {
      Header header = whole.headers().lastHeader(name);
      if (header != null) {
        int kept = Math.min(sizeOf(header), MOST_OF_A_FIELD);
        boolean isWhole = kept == sizeOf(header);
        leftOut -= name.length() + (name.equals(KEY) && !isWhole ? 0 : sizeOf(header));
        if (isWhole || name.equals(REASON)) {
          headers.add(name, Arrays.copyOf(header.value(), kept));
        }
      }
    }
    headers.add(LEFT_OUT, bytes(Long.toString(leftOut)));
    return new ProducerRecord<>(whole.topic(), null, whole.key(), NO_VALUE, headers);
  }

  /** Whether a letter is about the topic with this id; without an id it may be an older one. */
  static boolean isAbout(Uuid topicId, Headers letter) {
    Header named = letter.lastHeader(TOPIC_ID);
    return named != null && Arrays.equals(named.value(), bytes(topicId.toString()));
  }

  private static int sizeOf(Header header) {
    return header.value() == null ? 0 : header.value().length;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer);
  }
}
