package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

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
  void fencedAfterItsTimeItHasTimedOut() throws PublishException {
    opened();
    nanoTime.addAndGet(PublishSettings.DEFAULT_TRANSACTION_TIMEOUT.plusSeconds(1).toNanos());
    producer.commitTransactionException = new ProducerFencedException("epoch 4");

    assertThatThrownBy(transaction::commit)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("open for 121 s")
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
  void commitThatNobodyConfirmsIsSaidToBeUnknown() throws PublishException {
    opened();
    producer.commitTransactionException = new TimeoutException("60 s");

    assertThatThrownBy(transaction::commit)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("unknown whether the file is published")
        .hasMessageContaining("publish it again");
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
    assertThatThrownBy(() -> new PublishSettings("zones", 6, Duration.ofDays(30), Guards.STRICT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--transaction-timeout");
  }

  private void opened() throws PublishException {
    transaction.take();
    transaction.open();
  }
}
