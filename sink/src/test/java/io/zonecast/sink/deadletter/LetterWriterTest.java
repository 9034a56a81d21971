package io.zonecast.sink.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class LetterWriterTest {
  private final KeptProducer producer = new KeptProducer();
  private final LetterFormat format = new LetterFormat("letters", Uuid.ONE_UUID, "g");
  private final LetterWriter writer =
      new LetterWriter("zones", format, this::topic, producer::open);
  private boolean topicIsAway;
  private boolean noLeaderOfPartition0;

  @Test
  void aLetterIsTheRecordWithItsReasonAndItsPlace() throws Exception {
    Letter letter = letter(withHeader(record(0, 10, new byte[] {1}), "trace", new byte[95]));

    LetterWriter.Round round = writer.write(List.of(letter));

    assertThat(round).isEqualTo(new LetterWriter.Round(List.of(letter), Map.of()));
    ProducerRecord<byte[], byte[]> written = producer.history().get(0);
    assertThat(new String(written.key(), UTF_8)).isEqualTo("zones-0-10");
    assertThat(written.value()).containsExactly(2);
    assertThat(headers(written))
        .containsKey("trace")
        .containsEntry("__connect.errors.exception.message", "no Avro");
  }

  @Test
  void aLetterTooLargeGoesWithoutItsValueAndSaysHowMuchIsLeftOut() throws Exception {
    producer.take(0);
    Letter letter = letter(withHeader(record(0, 10, new byte[] {1}), "trace", new byte[95]));

    LetterWriter.Round round = writer.write(List.of(letter));

    assertThat(round.failed()).isEmpty();
    ProducerRecord<byte[], byte[]> written = producer.history().get(0);
    assertThat(new String(written.key(), UTF_8)).isEqualTo("zones-0-10");
    assertThat(written.value()).isEmpty();
    assertThat(headers(written))
        .containsOnly(
            entry("__connect.errors.topic", "zones"),
            entry("__connect.errors.partition", "0"),
            entry("__connect.errors.offset", "10"),
            entry("__connect.errors.connector.name", "g"),
            entry("__connect.errors.exception.message", "no Avro"),
            entry("__zonecast.topic.id", Uuid.ONE_UUID.toString()),
            entry("__zonecast.key", "\u0001"),
            entry("__zonecast.left.out.bytes", "101"));
  }

  @Test
  void aKeyThatIsTooLargeIsLeftOutToo() throws Exception {
    producer.take(0);

    writer.write(List.of(letter(record(0, 10, new byte[2_000]))));

    assertThat(headers(producer.history().get(0)))
        .doesNotContainKey("__zonecast.key")
        .containsEntry("__zonecast.left.out.bytes", "2001");
  }

  @Test
  void aShortenedLetterThatIsNotTakenEitherHasFailed() throws Exception {
    producer.refuse(new RecordTooLargeException("60 bytes are the most"));
    Letter letter = letter(record(0, 10, new byte[] {1}));

    LetterWriter.Round round = writer.write(List.of(letter));

    assertThat(round.written()).isEmpty();
    assertThat(round.failed().get(letter)).hasMessage("60 bytes are the most");
    assertThat(producer.tries()).isEqualTo(2);
  }

  @Test
  void aProducerThatHasFailedIsReplaced() throws Exception {
    producer.refuse(new KafkaException("in an error state"));
    Letter letter = letter(record(0, 10, new byte[] {1}));
    assertThat(writer.write(List.of(letter)).failed()).containsOnlyKeys(letter);
    producer.refuse(null);

    LetterWriter.Round round = writer.write(List.of(letter));

    assertThat(round.written()).containsExactly(letter);
    assertThat(producer.opened()).isEqualTo(2);
  }

  @Test
  void brokersThatAreSilentAreWaitedForOnceARound() throws Exception {
    producer.refuse(new TimeoutException("letters not present in metadata after 60 s"));
    List<Letter> letters =
        List.of(letter(record(0, 10, new byte[] {1})), letter(record(1, 7, new byte[] {1})));

    LetterWriter.Round round = writer.write(letters);

    assertThat(round.failed()).containsOnlyKeys(letters);
    assertThat(producer.tries()).isEqualTo(1);
  }

  @Test
  void aProducerThatCannotBeOpenedIsTriedOnceARound() throws Exception {
    var opened = new AtomicInteger();
    var unopened =
        new LetterWriter(
            "zones",
            format,
            this::topic,
            () -> {
              opened.incrementAndGet();
              throw new KafkaException("topic letters cannot be made");
            });
    List<Letter> letters =
        List.of(letter(record(0, 10, new byte[] {1})), letter(record(1, 7, new byte[] {1})));

    LetterWriter.Round round = unopened.write(letters);

    assertThat(round.failed()).containsOnlyKeys(letters);
    assertThat(opened).hasValue(1);
  }

  @Test
  void aRecordIsReadBackAndOneThatCompactionHasTakenNeedsNoLetter() throws Exception {
    Letter superseded = new Letter(0, 3, -1, "too large", 0, 0, null);
    Letter there = new Letter(0, 4, -1, "too large", 0, 0, null);

    LetterWriter.Round round = writer.write(List.of(superseded, there));

    assertThat(round).isEqualTo(new LetterWriter.Round(List.of(there), Map.of()));
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void aRecordThatCannotBeReadBackYetHasNotBeenSuperseded() throws Exception {
    topicIsAway = true;
    Letter letter = new Letter(0, 4, -1, "too large", 0, 0, null);

    LetterWriter.Round round = writer.write(List.of(letter));

    assertThat(round.written()).isEmpty();
    assertThat(round.failed().get(letter))
        .isNotInstanceOf(TimeoutException.class)
        .hasMessage("partition zones-0 cannot be read at offset 4: nothing comes");
  }

  @Test
  void aPartitionThatCannotBeReadBackHoldsUpNoLetterOfAnother() throws Exception {
    noLeaderOfPartition0 = true;
    Letter unread = new Letter(0, 7, -1, "too large", 0, 0, null);
    Letter behind = new Letter(0, 9, -1, "too large", 0, 0, null);
    Letter there = new Letter(1, 4, -1, "too large", 0, 0, null);

    LetterWriter.Round round = writer.write(List.of(unread, behind, there));

    assertThat(round.written()).containsExactly(there);
    assertThat(round.failed()).containsOnlyKeys(unread, behind);
    assertThat(round.failed().get(behind))
        .hasMessage("partition zones-0 cannot be read at offset 7: no leader");
  }

  private Letter letter(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    return new Letter(
        record.partition(),
        record.offset(),
        -1,
        "no Avro",
        record.timestamp(),
        0,
        format.whole(record, "no Avro"));
  }

  /** The topic, of which only the record at offset 4 is left, of the partition that can be read. */
  private Consumer<ByteBuffer, ByteBuffer> topic() {
    var consumer = new MockConsumer<ByteBuffer, ByteBuffer>("earliest");
    if (noLeaderOfPartition0) {
      consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("no leader")));
    }
    int readable = noLeaderOfPartition0 ? 1 : 0;
    if (!topicIsAway) {
      consumer.schedulePollTask(() -> consumer.addRecord(record(readable, 4, new byte[] {1})));
      consumer.schedulePollTask(() -> consumer.addRecord(record(readable, 4, new byte[] {1})));
    }
    return consumer;
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

  static ConsumerRecord<ByteBuffer, ByteBuffer> record(int partition, long offset, byte[] key) {
    return new ConsumerRecord<>(
        "zones", partition, offset, ByteBuffer.wrap(key), ByteBuffer.wrap(new byte[] {2}));
  }
}
