package io.zonecast.bench.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.bench.table.BenchTopic;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.wire.UpdateEncoder;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Updates onto their topic, numbered: the id of each is its number, and so is its zone where nobody
 * says otherwise. For one thread.
 */
final class AskedFor implements AutoCloseable {
  private final String topic;
  private final UpdateEncoder encoder;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  AskedFor(BenchTopic table) {
    this.topic = ZoneTopic.updatesOf(table.name());
    this.encoder = UpdateSerdes.encoder(Map.of(), topic);
    this.producer = table.producer();
  }

  /** Asks for {@code zone}; null deletes. */
  @SuppressWarnings("FutureReturnValueIgnored") // a failure is kept by the callback
  void send(long number, String key, @Nullable String zone) {
    producer.send(
        new ProducerRecord<>(topic, key.getBytes(US_ASCII), value(number, key, zone)),
        (metadata, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        });
  }

  private byte[] value(long number, String key, @Nullable String zone) {
    ZoneKey parts = ZoneKey.parse(key);
    return encoder.encode(
        new ZoneUpdate(
            Long.toString(number),
            zone == null ? "delete" : "upsert",
            parts.carrier(),
            parts.origin(),
            parts.destination(),
            zone,
            null,
            null,
            "bench",
            Instant.now()));
  }

  /** Waits until the broker has all of them. */
  void flush() {
    producer.flush();
    Exception lost = failure.get();
    if (lost != null) {
      throw new IllegalStateException("an update did not reach topic " + topic, lost);
    }
  }

  /** Waits until {@code number} of {@code perSecond} is due. */
  static void pace(long startNanos, long number, int perSecond) {
    long due = startNanos + number * (1_000_000_000L / perSecond);
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
