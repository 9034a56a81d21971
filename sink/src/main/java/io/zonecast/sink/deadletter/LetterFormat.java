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
 * What a letter looks like. Its key is {@code topic-partition-offset}, so that compaction leaves
 * one letter of a record. Its headers are those of Kafka Connect (KIP-298), so that its tools read
 * them, and a few of ours.
 *
 * @param topic where the letters go
 * @param sourceId the id of the topic that the records are from
 * @param group who met the records
 */
record LetterFormat(String topic, Uuid sourceId, String group) {
  /** The id of the topic that the record is from: one that was recreated has other records. */
  private static final String TOPIC_ID = "__zonecast.topic.id";

  private static final String REASON = "__connect.errors.exception.message";
  private static final String KEY = "__zonecast.key";

  /** Of a shortened letter alone: how many bytes of the record are left out of it. */
  private static final String LEFT_OUT = "__zonecast.left.out.bytes";

  private static final String FROM_TOPIC = "__connect.errors.topic";
  private static final String FROM_PARTITION = "__connect.errors.partition";
  private static final String FROM_OFFSET = "__connect.errors.offset";
  private static final String MET_BY = "__connect.errors.connector.name";

  private static final List<String> KEPT =
      List.of(FROM_TOPIC, FROM_PARTITION, FROM_OFFSET, MET_BY, TOPIC_ID, REASON, KEY);

  /** What a shortened letter keeps of a reason, and of a key; a zone's key has 98 bytes at most. */
  private static final int MOST_OF_A_FIELD = 1_000;

  // Null would be a tombstone, and compaction would take the letter away.
  private static final byte[] NO_VALUE = {};

  /** The key of a record's letter. */
  static String idOf(String topic, int partition, long offset) {
    return topic + '-' + partition + '-' + offset;
  }

  /** The whole record and its reason; copied, since a record may share the memory of a fetch. */
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

  /** The bytes of a letter's value and headers; the record's key is one of these. */
  static long bytesOf(ProducerRecord<byte[], byte[]> letter) {
    long bytes = letter.value().length;
    for (Header header : letter.headers()) {
      bytes += header.key().length() + sizeOf(header);
    }
    return bytes;
  }

  /** Without all that may be large: the value, the record's own headers, a key that is none. */
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

  /**
   * Whether a letter is about the topic with that id; what names no id may be about an older one.
   */
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
