package io.zonecast.sink.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeadLettersTest {
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
          () -> producer,
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

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(int partition, long offset) {
    return new ConsumerRecord<>(
        "zones",
        partition,
        offset,
        ByteBuffer.wrap(new byte[] {1}),
        ByteBuffer.wrap(new byte[] {2}));
  }
}
