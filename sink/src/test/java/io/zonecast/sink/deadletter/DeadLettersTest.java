package io.zonecast.sink.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeadLettersTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final CountDownLatch opening = new CountDownLatch(1);
  private CountDownLatch producerIsOpen = new CountDownLatch(0);
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  private final List<String> told = new ArrayList<>();
  private final DeadLetters letters =
      new DeadLetters(
          "zones",
          "letters",
          "g",
          () -> {
            throw new IllegalStateException("nothing is read back here");
          },
          this::open,
          (partition, records, firstOffset, reason) ->
              told.add(partition + " " + records + " " + firstOffset + " " + reason));

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
    logger.detachAppender(log);
    letters.close();
  }

  @Test
  void aThousandRecordsAreOneLineAPartitionAndOnePieceOfNews() {
    for (int offset = 10; offset < 1_010; offset++) {
      letters.send(record(0, offset), "no Avro");
    }
    letters.send(record(1, 7), "no key");

    letters.flush();

    assertThat(told).containsExactly("0 1000 10 no Avro", "1 1 7 no key");
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "partition=0 offset=10 dead-lettered=1000 to=letters: no Avro",
            "partition=1 offset=7 dead-lettered=1 to=letters: no key");
  }

  @Test
  void aRecordThatIsMetAgainIsNoNews() {
    letters.send(record(0, 10), "no Avro");
    letters.flush();

    letters.send(record(0, 10), "no Avro");
    letters.flush();

    assertThat(told).hasSize(1);
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void whatTheBrokersDidNotTakeIsNotSaidToBePutAside() {
    producer.sendException = new KafkaException("not now");
    letters.send(record(0, 10), "no Avro");
    assertThatThrownBy(letters::flush).hasMessageContaining("takes no dead letters: not now");
    assertThat(told).isEmpty();
    producer.sendException = null;

    letters.send(record(0, 10), "no Avro");
    letters.flush();

    assertThat(told).containsExactly("0 1 10 no Avro");
  }

  @Test
  void aLetterTooLargeGoesWithoutItsValueAndSaysHowMuchIsLeftOut() {
    producer.sendException = new RecordTooLargeException("1048700 bytes, and 1048588 may be");
    letters.send(withHeader(record(0, 10), "trace", new byte[95]), "no Avro");
    producer.sendException = null;

    letters.flush();

    assertThat(told).containsExactly("0 1 10 no Avro");
    assertThat(letters.count()).isEqualTo(1);
    ProducerRecord<byte[], byte[]> letter = producer.history().get(0);
    assertThat(new String(letter.key(), UTF_8)).isEqualTo("zones-0-10");
    assertThat(letter.value()).isEmpty();
    assertThat(headers(letter))
        .containsOnly(
            entry("__connect.errors.topic", "zones"),
            entry("__connect.errors.partition", "0"),
            entry("__connect.errors.offset", "10"),
            entry("__connect.errors.connector.name", "g"),
            entry("__connect.errors.exception.message", "no Avro"),
            entry("__zonecast.key", "\u0001"),
            entry("__zonecast.left.out.bytes", "101"));
  }

  @Test
  void aRecordWhoseLetterWasShortenedIsNoNewsWhenItIsMetAgain() {
    producer.sendException = new RecordTooLargeException("no");
    letters.send(record(0, 10), "no Avro");
    producer.sendException = null;
    letters.flush();

    letters.send(record(0, 10), "no Avro");
    letters.flush();

    assertThat(told).hasSize(1);
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void aKeyThatIsTooLargeIsLeftOutToo() {
    producer.sendException = new RecordTooLargeException("no");
    letters.send(record(0, 10, new byte[2_000]), "no key");
    producer.sendException = null;

    letters.flush();

    assertThat(headers(producer.history().get(0)))
        .doesNotContainKey("__zonecast.key")
        .containsEntry("__zonecast.left.out.bytes", "2001");
  }

  @Test
  void aShortenedLetterThatIsNotTakenEitherIsTriedAgainWithItsRecord() {
    producer.sendException = new RecordTooLargeException("no");
    letters.send(record(0, 10), "no Avro");
    assertThatThrownBy(letters::flush).hasMessageContaining("takes no dead letters: no");
    producer.sendException = null;

    letters.send(record(0, 10), "no Avro");
    letters.flush();

    assertThat(told).containsExactly("0 1 10 no Avro");
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void whoHasNoLettersWaitsForNobodyElses() throws Exception {
    producerIsOpen = new CountDownLatch(1);
    CompletableFuture<Void> busy =
        CompletableFuture.runAsync(
            () -> {
              letters.send(record(0, 10), "no Avro");
              letters.flush();
            });
    await().until(() -> opening.getCount() == 0);

    assertThat(CompletableFuture.runAsync(letters::flush)).succeedsWithin(SOON);

    assertThat(busy).isNotDone();
    producerIsOpen.countDown();
    assertThat(busy).succeedsWithin(SOON);
  }

  @Test
  void whoMeetsARecordWhileItsLetterIsOnItsWayWaitsForThatLetter() {
    producerIsOpen = new CountDownLatch(1);
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () -> {
              letters.send(record(0, 10), "no Avro");
              letters.flush();
            });
    await().until(() -> opening.getCount() == 0);
    var sent = new CountDownLatch(1);

    CompletableFuture<Void> second =
        CompletableFuture.runAsync(
            () -> {
              letters.send(record(0, 10), "no Avro");
              sent.countDown();
              letters.flush();
            });

    await().until(() -> sent.getCount() == 0);
    assertThat(second).isNotDone();
    producerIsOpen.countDown();
    assertThat(first).succeedsWithin(SOON);
    assertThat(second).succeedsWithin(SOON);
    assertThat(producer.history()).hasSize(1);
  }

  private Producer<byte[], byte[]> open() {
    opening.countDown();
    try {
      producerIsOpen.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return producer;
  }

  private static Map<String, String> headers(ProducerRecord<byte[], byte[]> letter) {
    return Arrays.stream(letter.headers().toArray())
        .collect(Collectors.toMap(Header::key, header -> new String(header.value(), UTF_8)));
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> withHeader(
      ConsumerRecord<ByteBuffer, ByteBuffer> record, String name, byte[] value) {
    record.headers().add(name, value);
    return record;
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(int partition, long offset) {
    return record(partition, offset, new byte[] {1});
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      int partition, long offset, byte[] key) {
    return new ConsumerRecord<>(
        "zones", partition, offset, ByteBuffer.wrap(key), ByteBuffer.wrap(new byte[] {2}));
  }
}
