package io.zonecast.sink.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterIndexTest {
  private static final TopicInfo TOPIC =
      new TopicInfo("cluster", "zones", new Uuid(1, 2), 6, Duration.ofDays(1));
  private static final Uuid BEFORE_IT_WAS_RECREATED = new Uuid(8, 9);
  private static final TopicPartition LETTERS = new TopicPartition("zones.dead-letters", 0);

  private final MockConsumer<ByteBuffer, ByteBuffer> consumer = new MockConsumer<>("earliest");
  private long end;

  @Test
  void aLetterIsFoundByThePlaceOfItsRecord() {
    write(letterOf(TOPIC.topicId(), 3, 27));

    DeadLetterIndex index = read();

    assertThat(index.contains(3, 27)).isTrue();
    assertThat(index.contains(3, 28)).isFalse();
    assertThat(index.contains(2, 27)).isFalse();
  }

  @Test
  void aLetterFromBeforeTheTopicWasRecreatedHidesNothing() {
    write(letterOf(BEFORE_IT_WAS_RECREATED, 3, 27));

    assertThat(read().contains(3, 27)).isFalse();
  }

  @Test
  void aLetterThatNamesNoTopicIdHidesNothing() {
    ProducerRecord<byte[], byte[]> old = letterOf(TOPIC.topicId(), 3, 27);
    old.headers().remove("__zonecast.topic.id");
    write(old);

    assertThat(read().contains(3, 27)).isFalse();
  }

  @Test
  void theLetterOfTheRecreatedTopicCountsBesideTheOneBefore() {
    write(letterOf(BEFORE_IT_WAS_RECREATED, 3, 27));
    write(letterOf(TOPIC.topicId(), 3, 27));

    assertThat(read().contains(3, 27)).isTrue();
  }

  private DeadLetterIndex read() {
    consumer.updateBeginningOffsets(Map.of(LETTERS, 0L));
    consumer.updateEndOffsets(Map.of(LETTERS, end));
    return DeadLetterIndex.read(consumer, TOPIC, List.of(LETTERS));
  }

  private static ProducerRecord<byte[], byte[]> letterOf(Uuid topicId, int partition, long offset) {
    return new LetterFormat(LETTERS.topic(), topicId, "g")
        .whole(
            new ConsumerRecord<>(TOPIC.name(), partition, offset, ByteBuffer.allocate(1), null),
            "too large");
  }

  private void write(ProducerRecord<byte[], byte[]> letter) {
    long offset = end++;
    Headers headers = new RecordHeaders(letter.headers());
    consumer.schedulePollTask(
        () ->
            consumer.addRecord(
                new ConsumerRecord<>(
                    LETTERS.topic(),
                    0,
                    offset,
                    0,
                    TimestampType.LOG_APPEND_TIME,
                    letter.key().length,
                    0,
                    ByteBuffer.wrap(letter.key()),
                    UTF_8.encode(""),
                    headers,
                    Optional.empty())));
  }
}
