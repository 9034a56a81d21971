package io.zonecast.sink.entry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records that can never be applied aside, on a compacted topic, under the key {@code
 * topic-partition-offset}: however often a record is met, one letter of it remains. The headers are
 * those of Kafka Connect (KIP-298), so that its tools read them. Thread-safe.
 */
public final class DeadLetters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final int REMEMBERED = 10_000;

  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final String source;
  private final String topic;
  private final String group;
  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final AtomicLong acknowledged = new AtomicLong();
  private final DeadLetterListener listener;
  // Each thread answers for what it met itself: another's flush must not take its failure away.
  private final ThreadLocal<Unflushed> unflushed = ThreadLocal.withInitial(Unflushed::new);
  // A fill meets the same record again: no need to write it again while we remember it.
  private final Map<String, Future<RecordMetadata>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<RecordMetadata>> eldest) {
          return size() > REMEMBERED;
        }
      };
  private @Nullable Producer<byte[], byte[]> producer;

  /** What a thread has sent since it flushed last: all letters, and what is new among them. */
  private static final class Unflushed {
    private final List<Future<RecordMetadata>> letters = new ArrayList<>();
    private final Map<Integer, News> news = new TreeMap<>();
  }

  /** New letters of one partition: a bad table may be a million of them. */
  private static final class News {
    private final long firstOffset;
    private final String reason;
    private final LongAdder acknowledged = new LongAdder();

    News(long firstOffset, String reason) {
      this.firstOffset = firstOffset;
      this.reason = reason;
    }
  }

  /**
   * @param source the topic that the records come from
   * @param topic where the letters go
   * @param group who met them, for the headers
   * @param consumers opens a consumer in no group, to read a record back
   * @param producers opens the producer at the first letter: most sinks never need one
   * @param listener hears what was put aside
   */
  public DeadLetters(
      String source,
      String topic,
      String group,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Supplier<Producer<byte[], byte[]>> producers,
      DeadLetterListener listener) {
    this.source = source;
    this.topic = topic;
    this.group = group;
    this.consumers = consumers;
    this.producers = producers;
    this.listener = listener;
  }

  /**
   * Sends a record with its reason. Never fails: {@link #flush}, on the same thread, waits until it
   * is acknowledged and tells.
   */
  public void send(ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    String id = record.topic() + '-' + record.partition() + '-' + record.offset();
    Unflushed mine = unflushed.get();
    Future<RecordMetadata> letter;
    synchronized (known) {
      letter = known.get(id);
      if (letter == null) {
        News news =
            mine.news.computeIfAbsent(record.partition(), p -> new News(record.offset(), reason));
        letter = write(id, record, reason, news.acknowledged);
        known.put(id, letter);
      }
    }
    mine.letters.add(letter);
  }

  private Future<RecordMetadata> write(
      String id, ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason, LongAdder taken) {
    byte[] value = bytesOf(record.value());
    var letter =
        new ProducerRecord<>(
            topic,
            null,
            id.getBytes(StandardCharsets.UTF_8),
            // Null would be a tombstone, and compaction would take the letter away.
            value == null ? new byte[0] : value,
            headers(record, reason));
    try {
      if (producer == null) {
        producer = producers.get();
      }
      return producer.send(
          letter,
          (metadata, failure) -> {
            if (failure == null) {
              acknowledged.incrementAndGet();
              taken.increment();
            }
          });
    } catch (RuntimeException e) {
      // Such as a topic that cannot be made: the record's partition waits until it can.
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Sends records by their offsets, read back from the topic, and waits until they are
   * acknowledged. One that compaction has taken meanwhile has been superseded, and needs no letter.
   *
   * @param reasons by offset
   * @throws KafkaException if they cannot be read or not be written
   */
  public void sendFrom(int partition, Map<Long, String> reasons) {
    if (reasons.isEmpty()) {
      return;
    }
    var from = new TopicPartition(source, partition);
    try (Consumer<ByteBuffer, ByteBuffer> consumer = consumers.get()) {
      consumer.assign(List.of(from));
      for (var reason : reasons.entrySet()) {
        consumer.seek(from, reason.getKey());
        var records = consumer.poll(READ_TIMEOUT).records(from);
        if (!records.isEmpty() && records.get(0).offset() == reason.getKey()) {
          send(records.get(0), reason.getValue());
        }
      }
    }
    flush();
  }

  /**
   * Waits until all that this thread has sent is acknowledged.
   *
   * @throws KafkaException if something was not: then nothing behind it may be marked as done
   */
  public void flush() {
    Unflushed mine = unflushed.get();
    try {
      for (Future<RecordMetadata> letter : mine.letters) {
        letter.get();
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new KafkaException(
          "topic "
              + topic
              + " takes no dead letters: "
              + (cause == null ? e.getMessage() : cause.getMessage())
              + (cause instanceof TopicAuthorizationException
                  ? "; allow this user Write on it"
                  : ""),
          e);
    } finally {
      synchronized (known) {
        // What has failed is written anew when its record is met again.
        known.values().removeIf(DeadLetters::hasFailed);
      }
      mine.letters.clear();
      mine.news.forEach(this::tell);
      mine.news.clear();
    }
  }

  private void tell(int partition, News news) {
    long records = news.acknowledged.sum();
    if (records == 0) {
      return;
    }
    LOG.warn(
        "partition={} offset={} dead-lettered={} to={}: {}",
        partition,
        news.firstOffset,
        records,
        topic,
        news.reason);
    listener.putAside(partition, records, news.firstOffset, news.reason);
  }

  private static boolean hasFailed(Future<RecordMetadata> letter) {
    if (!letter.isDone()) {
      return false;
    }
    try {
      letter.get();
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** How many records this process has put aside. */
  public long count() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    synchronized (known) {
      if (producer != null) {
        // Who sent something still undelivered has not marked it as done.
        producer.close(CLOSE_TIMEOUT);
      }
    }
  }

  private Headers headers(ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    var headers = new RecordHeaders(record.headers());
    header(headers, "topic", record.topic());
    header(headers, "partition", Integer.toString(record.partition()));
    header(headers, "offset", Long.toString(record.offset()));
    header(headers, "connector.name", group);
    header(headers, "exception.message", reason);
    byte[] key = bytesOf(record.key());
    if (key != null) {
      headers.add("__zonecast.key", key);
    }
    return headers;
  }

  private static void header(Headers headers, String name, String value) {
    headers.add("__connect.errors." + name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static byte @Nullable [] bytesOf(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer);
  }
}
