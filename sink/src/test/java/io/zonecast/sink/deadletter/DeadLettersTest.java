package io.zonecast.sink.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.timing.ShiftedTiming;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeadLettersTest {
  private static final RecordMetadata ACKNOWLEDGED =
      new RecordMetadata(new TopicPartition("letters", 0), 0, 0, 0, 0, 0);

  private final KeptProducer producer = new KeptProducer();
  private final CountDownLatch opening = new CountDownLatch(1);
  private CountDownLatch producerIsOpen = new CountDownLatch(0);
  private final ShiftedTiming timing = ShiftedTiming.by(Duration.ZERO);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final DeadLetters letters =
      new DeadLetters(
          new TopicInfo("cluster", "zones", Uuid.ONE_UUID, 2, Duration.ofDays(1)),
          "g",
          () -> {
            throw new IllegalStateException("nothing is read back here");
          },
          this::open,
          (partition, records, firstOffset, reason) ->
              told.add(partition + " " + records + " " + firstOffset + " " + reason),
          timing);

  private final Logger logger = (Logger) LoggerFactory.getLogger(DeadLetters.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    producerIsOpen.countDown();
    letters.close();
    logger.detachAppender(log);
  }

  @Test
  void nobodyWaitsForALetterAndNoCheckpointPassesIt() {
    producerIsOpen = new CountDownLatch(1);

    letters.send(record(0, 9, 1), "no Avro");
    letters.send(record(0, 7, 1), "no Avro");

    assertThat(letters.firstUnwritten(0, 0)).contains(new Unwritten(7, 1_007, ""));
    assertThat(letters.firstUnwritten(0, 8)).contains(new Unwritten(9, 1_009, ""));
    assertThat(letters.firstUnwritten(0, 10)).isEmpty();
    assertThat(letters.firstUnwritten(1, 0)).isEmpty();
    producerIsOpen.countDown();
    await().untilAsserted(() -> assertThat(letters.firstUnwritten(0, 0)).isEmpty());
    assertThat(producer.history()).hasSize(2);
  }

  @Test
  void aThousandRecordsThatComeMeanwhileAreOneLineAPartitionAndOnePieceOfNews() {
    producerIsOpen = new CountDownLatch(1);
    letters.send(record(2, 1, 1), "no Avro");
    await().until(() -> opening.getCount() == 0);
    for (int offset = 10; offset < 1_010; offset++) {
      letters.send(record(0, offset, 1), "no Avro");
    }
    letters.send(record(1, 7, 1), "no key");

    producerIsOpen.countDown();

    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly("2 1 1 no Avro", "0 1000 10 no Avro", "1 1 7 no key"));
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "partition=2 offset=1 dead-lettered=1 to=zones.dead-letters: no Avro",
            "partition=0 offset=10 dead-lettered=1000 to=zones.dead-letters: no Avro",
            "partition=1 offset=7 dead-lettered=1 to=zones.dead-letters: no key");
  }

  @Test
  void aRecordThatIsMetAgainIsNoNews() {
    letters.send(record(0, 10, 1), "no Avro");
    await().until(() -> told.size() == 1 && letters.firstUnwritten(0, 0).isEmpty());

    letters.send(record(0, 10, 1), "no Avro");

    assertThat(letters.firstUnwritten(0, 0)).isEmpty();
    letters.close();
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void whatALaterLeaderHasAtTheSameOffsetHasALetterOfItsOwn() {
    letters.send(record(0, 10, 1), "no Avro");
    await().until(() -> told.size() == 1 && letters.firstUnwritten(0, 0).isEmpty());
    producer.refuse(new KafkaException("not now"));
    letters.send(record(0, 11, 1), "no Avro");
    awaitTrouble("topic zones.dead-letters takes no dead letters: not now");

    letters.send(record(0, 10, 1, Optional.of(8)), "of the later leader");
    letters.send(record(0, 11, 1, Optional.of(8)), "of the later leader");

    assertThat(letters.firstUnwritten(0, 0).map(Unwritten::offset)).contains(10L);
    producer.refuse(null);
    timing.passed = timing.passed.plusSeconds(1);
    await()
        .untilAsserted(
            () -> assertThat(told).containsExactly("0 1 10 no Avro", "0 2 10 of the later leader"));
  }

  @Test
  void whatIsNotTakenIsTriedLaterAndLaterAndTheOtherPartitionsAtOnce() {
    producer.refuse(new KafkaException("not now"));
    letters.send(record(0, 10, 1), "no Avro");
    awaitTrouble("topic zones.dead-letters takes no dead letters: not now");
    producer.refuse(null);

    letters.send(record(1, 7, 1), "no key");
    await().untilAsserted(() -> assertThat(told).containsExactly("1 1 7 no key"));
    timing.passed = timing.passed.plusSeconds(1);

    await().untilAsserted(() -> assertThat(told).containsExactly("1 1 7 no key", "0 1 10 no Avro"));
  }

  @Test
  void aPartitionWhoseLettersAreTakenAgainIsNotInTroubleThoughMoreAreWaiting() {
    producer.refuse(new KafkaException("not now"));
    letters.send(record(0, 10, 1), "no Avro");
    awaitTrouble("topic zones.dead-letters takes no dead letters: not now");
    var first = new CompletableFuture<RecordMetadata>();
    producer.answer(first);
    producer.refuse(null);
    timing.passed = timing.passed.plusSeconds(1);
    await().until(() -> producer.tries() == 2);
    letters.send(record(0, 11, 1), "no Avro");
    var second = new CompletableFuture<RecordMetadata>();
    producer.answer(second);

    first.complete(ACKNOWLEDGED);

    await()
        .untilAsserted(
            () -> assertThat(letters.firstUnwritten(0, 0)).contains(new Unwritten(11, 1_011, "")));
    second.complete(ACKNOWLEDGED);
  }

  @Test
  void theUserWhoMayNotWriteIsToldWhichRightIsMissing() {
    producer.refuse(new TopicAuthorizationException("Not authorized: [letters]"));

    letters.send(record(0, 10, 1), "no Avro");

    awaitTrouble(
        "topic zones.dead-letters takes no dead letters: Not authorized: [letters]; allow this user"
            + " Write on it");
  }

  @Test
  void aTopicThatDoesNotAnswerIsTroubleThoughNothingHasFailed() {
    producerIsOpen = new CountDownLatch(1);
    letters.send(record(0, 7, 1), "no Avro");

    timing.passed = timing.passed.plusSeconds(5);

    awaitTrouble(
        "topic zones.dead-letters takes no dead letters: no answer in time; is it there, and are"
            + " its brokers up?");
  }

  @Test
  void lettersThatCannotBeWrittenTakeSoMuchMemoryAndNoMore() {
    producer.refuse(new KafkaException("not now"));

    letters.send(record(0, 7, 5 << 20), "no Avro");
    awaitTrouble("topic zones.dead-letters takes no dead letters: not now");

    assertThat(letters.hasRoom(0)).isFalse();
    assertThat(letters.hasRoom(1)).isTrue();
    assertThatThrownBy(() -> letters.awaitRoom(0))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("not now");
    producer.refuse(null);
    timing.passed = timing.passed.plusSeconds(1);
    await().until(() -> letters.hasRoom(0));
  }

  @Test
  void aLettersHeadersTakeMemoryToo() {
    producerIsOpen = new CountDownLatch(1);
    ConsumerRecord<ByteBuffer, ByteBuffer> record = record(0, 7, 1);
    record.headers().add("trace", new byte[5 << 20]);

    letters.send(record, "no Avro");

    assertThat(letters.hasRoom(0)).isFalse();
  }

  private void awaitTrouble(String trouble) {
    await()
        .untilAsserted(
            () ->
                assertThat(letters.firstUnwritten(0, 0).map(Unwritten::trouble)).contains(trouble));
  }

  private Producer<byte[], byte[]> open() {
    opening.countDown();
    try {
      producerIsOpen.await();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return producer;
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      int partition, long offset, int valueBytes) {
    return record(partition, offset, valueBytes, Optional.of(7));
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      int partition, long offset, int valueBytes, Optional<Integer> leaderEpoch) {
    return new ConsumerRecord<>(
        "zones",
        partition,
        offset,
        1_000 + offset,
        TimestampType.LOG_APPEND_TIME,
        1,
        valueBytes,
        ByteBuffer.wrap(new byte[] {1}),
        ByteBuffer.wrap(new byte[valueBytes]),
        new RecordHeaders(),
        leaderEpoch);
  }
}
