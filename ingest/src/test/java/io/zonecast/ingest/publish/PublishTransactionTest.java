package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishTransactionTest {
  private static final ProducerRecord<byte[], byte[]> RECORD =
      new ProducerRecord<>(
          "zones", "usps:005:010".getBytes(StandardCharsets.UTF_8), new byte[] {0});

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final AtomicLong nanoTime = new AtomicLong();
  private final PublishTransaction transaction =
      new PublishTransaction(producer, PublishSettings.of("zones"), nanoTime::get);

  @Test
  void closedWithoutACommitItIsAborted() throws PublishException {
    opened();
    transaction.send(RECORD);

    transaction.close();

    assertThat(producer.transactionAborted()).isTrue();
    assertThat(producer.history()).isEmpty();
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void interruptedThreadAbortsAllTheSameAndStaysInterrupted() throws PublishException {
    opened();
    Thread.currentThread().interrupt();

    transaction.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(producer.transactionAborted()).isTrue();
  }

  @Test
  void takenButNeverOpenedItIsNotAborted() throws PublishException {
    transaction.take();

    transaction.close();

    assertThat(producer.transactionAborted()).isFalse();
  }

  @Test
  void anotherPublishIsNamedOnOneLine() throws PublishException {
    opened();
    producer.sendException = new KafkaException(new ProducerFencedException("epoch 4"));

    assertThatThrownBy(() -> transaction.send(RECORD))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("another publish to topic zones has begun")
        .hasMessageContaining("zonecast-publish-zones")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void fencedBeforeTheCommitNothingIsPublished() throws PublishException {
    MockProducer<byte[], byte[]> slow =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    try (PublishTransaction overtaken =
        new PublishTransaction(slow, PublishSettings.of("zones"), nanoTime::get)) {
      overtaken.take();
      overtaken.open();
      overtaken.send(RECORD);
      slow.errorNext(new InvalidProducerEpochException("epoch 4"));

      assertThatThrownBy(overtaken::flush)
          .isInstanceOf(PublishException.class)
          .hasMessage(
              "another publish to topic zones has begun and taken over (transactional.id"
                  + " zonecast-publish-zones); nothing of this one is published. Run one at a time");
    }
  }

  /** Which it is if a first answer was lost: the next publish waits for the commit, then fences. */
  @ParameterizedTest
  @MethodSource("afterALostAnswer")
  void whateverFailsInTheCommitItIsUnknownWhetherItIsPublished(RuntimeException failure)
      throws PublishException {
    opened();
    transaction.send(RECORD);
    transaction.flush();
    producer.commitTransactionException = failure;

    assertThatThrownBy(transaction::commit)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining(
            "it is unknown whether it is committed, all of it or nothing: zonecast history shows the"
                + " newest publish, or do the same again")
        .message()
        .doesNotContain("nothing of this one");
  }

  static Stream<RuntimeException> afterALostAnswer() {
    return Stream.of(
        new ProducerFencedException("epoch 4"),
        new InvalidProducerEpochException("epoch 4"),
        new KafkaException(new InvalidTxnStateException("no transaction")),
        new TimeoutException("60 s"));
  }

  @Test
  void fencedAfterItsTimeItHasTimedOut() throws PublishException {
    opened();
    nanoTime.addAndGet(PublishSettings.DEFAULT_TRANSACTION_TIMEOUT.plusSeconds(1).toNanos());
    producer.commitTransactionException = new ProducerFencedException("epoch 4");

    assertThatThrownBy(transaction::commit)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("open for 121 s")
        .hasMessageContaining("it is unknown whether it is committed")
        .hasMessageContaining("--transaction-timeout")
        .hasMessageContaining("transaction.max.timeout.ms");
  }

  @Test
  void timeoutThatTheBrokerForbidsNamesBothSettings() {
    producer.initTransactionException =
        new KafkaException("Unexpected error; larger than transaction.max.timeout.ms");

    assertThatThrownBy(transaction::take)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("--transaction-timeout 120 s")
        .hasMessageContaining("transaction.max.timeout.ms");
  }

  @Test
  void missingRightsAreSpelledOut() {
    producer.initTransactionException = new TransactionalIdAuthorizationException("no");

    assertThatThrownBy(transaction::take)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("WRITE and DESCRIBE on transactional id zonecast-publish-zones");
  }

  @Test
  void interruptDuringSendIsPassedOn() throws PublishException {
    opened();
    producer.sendException = new InterruptException("stopped");

    assertThatThrownBy(() -> transaction.send(RECORD)).isInstanceOf(InterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void timeoutFitsAProducersSetting() {
    assertThatThrownBy(
            () ->
                new PublishSettings(
                    "zones", 6, Duration.ofDays(30), Guards.STRICT, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--transaction-timeout");
  }

  private void opened() throws PublishException {
    transaction.take();
    transaction.open();
  }
}
