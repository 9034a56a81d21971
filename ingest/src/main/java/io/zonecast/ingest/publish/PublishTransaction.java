package io.zonecast.ingest.publish;

import io.zonecast.schemas.KeyPartition;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one transaction of a publish: taken at the start, opened late, committed or aborted, never
 * split. Taking it aborts what a dead publish of the same topic left open, and ends one that is
 * alive. Closing it without a commit aborts it.
 *
 * <p>{@link ZonePublisher} opens it when the guards have passed. If the file is not the one that
 * was compared, {@link ChangedRows} throws, and the transaction is aborted.
 */
final class PublishTransaction implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PublishTransaction.class);
  private static final String BROKERS_MAXIMUM = "transaction.max.timeout.ms";
  private static final int COMMIT_TRIES = 3;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final PublishSettings settings;
  private final LongSupplier nanoTime;
  private State state = State.NEW;
  private long openedAt;

  /** Why the brokers did not take a record, the first of them; set on the producer's thread. */
  private volatile @Nullable KafkaException sendFailure;

  private enum State {
    NEW,
    READY,
    OPEN,
    /** The brokers were asked to commit it, and may have done so whatever they answer. */
    COMMITTING,
    /** Committed, or not ours to abort any more. */
    OVER
  }

  PublishTransaction(
      Producer<byte[], byte[]> producer, PublishSettings settings, LongSupplier nanoTime) {
    this.producer = producer;
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /** Makes the producer that a transaction wants. */
  static Producer<byte[], byte[]> producer(Map<String, Object> user, PublishSettings settings) {
    Map<String, Object> config =
        ClientSettings.layered(
            Map.of(
                // A client that has to find its coordinator first sleeps that long once: 100 ms of
                // every publish, unless told otherwise. It doubles, up to a second.
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                10,
                // Measured: half as fast again as with batches of 16 KB; larger ones are slower.
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 << 10,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                64L << 20,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"),
            KeyPartition.producerSettings(user),
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                settings.transactionalId(),
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                (int) settings.transactionTimeout().toMillis(),
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all"));
    // Kafka wants no delivery to outlive its transaction.
    config.putIfAbsent(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        (int) Math.max(31_000, Math.min(120_000, settings.transactionTimeout().toMillis())));
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Takes the topic's transactional id. */
  void take() throws PublishException {
    try {
      producer.initTransactions();
      state = State.READY;
    } catch (KafkaException e) {
      // The client wraps this one without its type; its name is all that is left.
      if (String.valueOf(e.getMessage()).contains(BROKERS_MAXIMUM)) {
        throw new PublishException(
            ("--transaction-timeout %d s is more than the broker allows (its %s, 900 s unless"
                    + " set); lower the one, or have the other raised")
                .formatted(settings.transactionTimeout().toSeconds(), BROKERS_MAXIMUM),
            e);
      }
      throw explained(e);
    }
  }

  /** Opens it; from here on readers wait for its end. */
  void open() throws PublishException {
    try {
      producer.beginTransaction();
      openedAt = nanoTime.getAsLong();
      state = State.OPEN;
    } catch (KafkaException e) {
      throw explained(e);
    }
  }

  /** Hands one record over, to be sent with others. */
  void send(ProducerRecord<byte[], byte[]> record) throws PublishException {
    try {
      // What becomes of it is asked once for all, by the flush.
      Future<RecordMetadata> unused = producer.send(record, this::sent);
    } catch (KafkaException e) {
      throw explained(e);
    }
  }

  private void sent(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    if (failure != null && sendFailure == null) {
      sendFailure = failure instanceof KafkaException e ? e : new KafkaException(failure);
    }
  }

  /**
   * Waits until the brokers have everything sent. A failure here is known to have published
   * nothing, which a failure of the commit is not: its answer may be lost.
   */
  void flush() throws PublishException {
    producer.flush();
    KafkaException failure = sendFailure;
    if (failure != null) {
      throw explained(failure);
    }
  }

  /**
   * Commits what was sent and flushed. An interrupt does not stop it, since it would be unknown
   * what came of it; the thread is interrupted again at the end.
   */
  void commit() throws PublishException {
    boolean interrupted = false;
    state = State.COMMITTING;
    try {
      for (int tries = 1; ; tries++) {
        try {
          producer.commitTransaction();
          state = State.OVER;
          return;
        } catch (InterruptException e) {
          // The same commit, asked for again: Kafka lets this be repeated.
          interrupted = true;
          Thread.interrupted();
        } catch (TimeoutException e) {
          if (tries == COMMIT_TRIES) {
            String outcome = outcome();
            state = State.OVER;
            throw new PublishException("the brokers did not confirm the commit; " + outcome, e);
          }
        }
      }
    } catch (KafkaException e) {
      throw explained(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private PublishException explained(KafkaException e) {
    if (e instanceof InterruptException) {
      throw e;
    }
    KafkaException cause = rootOf(e);
    String outcome = outcome();
    if (isOpen() && openFor().compareTo(settings.transactionTimeout()) >= 0) {
      // The broker aborts it then, whatever error that shows itself by here.
      state = State.OVER;
      return new PublishException(
          ("the transaction was open for %d s, longer than --transaction-timeout %d s; %s."
                  + " Set a longer one, up to the broker's %s (900 s unless set)")
              .formatted(
                  openFor().toSeconds(),
                  settings.transactionTimeout().toSeconds(),
                  outcome,
                  BROKERS_MAXIMUM),
          cause);
    }
    if (cause instanceof ProducerFencedException
        || cause instanceof InvalidProducerEpochException) {
      state = State.OVER;
      return new PublishException(
          ("another publish to topic %s has begun and taken over (transactional.id %s); %s."
                  + " Run one at a time")
              .formatted(settings.topic(), settings.transactionalId(), outcome),
          cause);
    }
    if (cause instanceof AuthorizationException) {
      return new PublishException(
          ("no right to publish: %s. It takes WRITE on topic %s, and WRITE and DESCRIBE on"
                  + " transactional id %s")
              .formatted(cause.getMessage(), settings.topic(), settings.transactionalId()),
          cause);
    }
    return new PublishException(
        "publishing to topic %s failed (%s); %s"
            .formatted(settings.topic(), cause.getMessage(), outcome),
        cause);
  }

  /** What is known of the records that were sent. */
  private String outcome() {
    return state == State.COMMITTING
        ? "it is unknown whether it is committed, all of it or nothing: zonecast history shows the"
            + " newest publish, or do the same again, which sends no more than what is lacking"
        : "nothing of this one is published";
  }

  private boolean isOpen() {
    return state == State.OPEN || state == State.COMMITTING;
  }

  private Duration openFor() {
    return Duration.ofNanos(nanoTime.getAsLong() - openedAt);
  }

  /** Kafka wraps what went wrong first in a KafkaException of its own. */
  private static KafkaException rootOf(KafkaException e) {
    KafkaException root = e;
    while (root.getClass() == KafkaException.class
        && root.getCause() instanceof KafkaException cause) {
      root = cause;
    }
    return root;
  }

  /** Aborts what is open. Works for an interrupted thread too, which stays interrupted. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (isOpen()) {
        try {
          producer.abortTransaction();
        } catch (KafkaException e) {
          // Not worth hiding the first failure: the broker, or the next publish, ends it.
          log.warn(
              "The transaction of {} could not be aborted ({}); the broker does it within {} s, or"
                  + " the next publish at once",
              settings.transactionalId(),
              e.getMessage(),
              settings.transactionTimeout().toSeconds());
        }
      }
      producer.close(CLOSING);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
