package io.zonecast.bench.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends records to one topic without waiting, and keeps the first failure for {@link #flush}. */
public final class RecordSender implements AutoCloseable {
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /** Owns the producer from now on. */
  public RecordSender(String topic, KafkaProducer<byte[], byte[]> producer) {
    this.topic = topic;
    this.producer = producer;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A failure is kept by the callback.
  public void send(String key, byte @Nullable [] value) {
    producer.send(
        new ProducerRecord<>(topic, key.getBytes(US_ASCII), value),
        (metadata, exception) -> {
          if (exception != null) {
            failed(exception);
          }
        });
  }

  void failed(Exception exception) {
    failure.compareAndSet(null, exception);
  }

  /**
   * Waits until the brokers have all of them.
   *
   * @throws IllegalStateException if one was lost on its way
   */
  public void flush() {
    producer.flush();
    Exception lost = failure.get();
    if (lost != null) {
      throw new IllegalStateException("an update did not reach topic " + topic, lost);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
