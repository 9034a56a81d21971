package io.zonecast.sink.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.TopicInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterIndexTest {
  private static final TopicInfo TOPIC =
      new TopicInfo("cluster", "zones", new Uuid(1, 2), 6, Duration.ofDays(1));
  private static final Uuid BEFORE_IT_WAS_RECREATED = new Uuid(8, 9);
  private static final String LETTERS = "zones.dead-letters";

  private final DeadLetterIndex index = new DeadLetterIndex(TOPIC);

  @Test
  void aLetterIsFoundByThePlaceOfItsRecord() {
    write(letterOf(TOPIC.topicId(), 3, 27));

    assertThat(index.contains(3, 27)).isTrue();
    assertThat(index.contains(3, 28)).isFalse();
    assertThat(index.contains(2, 27)).isFalse();
  }

  @Test
  void aLetterFromBeforeTheTopicWasRecreatedHidesNothing() {
    write(letterOf(BEFORE_IT_WAS_RECREATED, 3, 27));

    assertThat(index.contains(3, 27)).isFalse();
  }

  @Test
  void aLetterThatNamesNoTopicIdHidesNothing() {
    ProducerRecord<byte[], byte[]> old = letterOf(TOPIC.topicId(), 3, 27);
    old.headers().remove("__zonecast.topic.id");
    write(old);

    assertThat(index.contains(3, 27)).isFalse();
  }

  @Test
  void theLetterOfTheRecreatedTopicCountsBesideTheOneBefore() {
    write(letterOf(BEFORE_IT_WAS_RECREATED, 3, 27));
    write(letterOf(TOPIC.topicId(), 3, 27));

    assertThat(index.contains(3, 27)).isTrue();
  }

  private static ProducerRecord<byte[], byte[]> letterOf(Uuid topicId, int partition, long offset) {
    return new LetterFormat(LETTERS, topicId, "g")
        .whole(
            new ConsumerRecord<>(TOPIC.name(), partition, offset, ByteBuffer.allocate(1), null),
            "too large");
  }

  private void write(ProducerRecord<byte[], byte[]> letter) {
    index.add(
        new ConsumerRecord<>(
            LETTERS,
            0,
            0,
            0,
            TimestampType.LOG_APPEND_TIME,
            letter.key().length,
            0,
            ByteBuffer.wrap(letter.key()),
            UTF_8.encode(""),
            new RecordHeaders(letter.headers()),
            Optional.empty()));
  }
}
