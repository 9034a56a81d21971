package io.zonecast.sink.deadletter;

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
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Header;
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
 *
 * <p>A letter is the whole record and its reason. Where that is more than the producer or the
 * letters' topic takes, the letter goes without what may be large, and says how much that was: a
 * record is never too large to be put aside.
 */
public final class DeadLetters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private static final String KEY = "__zonecast.key";

  /** Of a shortened letter alone: how many bytes of the record are left out of it. */
  private static final String LEFT_OUT = "__zonecast.left.out.bytes";

  /** What a shortened letter keeps of a reason, and of a key; a zone's key has 98 bytes at most. */
  private static final int MOST_OF_A_FIELD = 1_000;

  // Null would be a tombstone, and compaction would take the letter away.
  private static final byte[] NO_VALUE = {};

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
  private final Map<String, Letter> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Letter> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Object opening = new Object();
  private @Nullable Producer<byte[], byte[]> producer;

  /** What a thread has sent since it flushed last: all letters, and what is new among them. */
  private static final class Unflushed {
    private final List<Letter> letters = new ArrayList<>();
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
    Letter letter;
    boolean isNew = false;
    synchronized (known) {
      letter = known.get(id);
      // What has failed is written anew when its record is met again.
      if (letter == null || letter.hasFailed()) {
        News news =
            mine.news.computeIfAbsent(record.partition(), p -> new News(record.offset(), reason));
        letter = new Letter(shortened(id, record, reason), news);
        known.put(id, letter);
        isNew = true;
      }
    }
    mine.letters.add(letter);
    if (isNew) {
      // Not under the lock: to make the topic, or room in the producer's buffer, may take a minute,
      // and only who has met the same record is to wait for that.
      letter.send(whole(id, record, reason));
    }
  }

  /** One record's letter on its way: whole, or shortened if that was too large. */
  private final class Letter {
    private final News news;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile boolean tooLarge;
    private volatile @Nullable ProducerRecord<byte[], byte[]> shortened;
    private @Nullable CompletableFuture<Void> second;

    Letter(ProducerRecord<byte[], byte[]> shortened, News news) {
      this.shortened = shortened;
      this.news = news;
    }

    void send(ProducerRecord<byte[], byte[]> whole) {
      send(whole, first);
    }

    /** Waits until it is acknowledged, one way or the other. */
    void await() throws InterruptedException, ExecutionException {
      try {
        first.get();
      } catch (ExecutionException e) {
        CompletableFuture<Void> instead = instead();
        if (instead == null) {
          throw e;
        }
        instead.get();
      }
    }

    /** Not when the refusal comes: the producer's own thread must not wait for its own buffer. */
    private synchronized @Nullable CompletableFuture<Void> instead() {
      ProducerRecord<byte[], byte[]> less = shortened;
      if (second == null && tooLarge && less != null) {
        second = new CompletableFuture<>();
        send(less, second);
      }
      return second;
    }

    synchronized boolean hasFailed() {
      return second == null
          ? first.isCompletedExceptionally() && !tooLarge
          : second.isCompletedExceptionally();
    }

    private void send(ProducerRecord<byte[], byte[]> letter, CompletableFuture<Void> answer) {
      try {
        Future<RecordMetadata> sent =
            producer()
                .send(
                    letter,
                    (metadata, failure) -> {
                      if (failure == null) {
                        acknowledged.incrementAndGet();
                        news.acknowledged.increment();
                        shortened = null;
                        answer.complete(null);
                      } else {
                        failed(failure, answer);
                      }
                    });
        LOG.trace("topic={} a letter is sent: {}", topic, sent);
      } catch (RuntimeException e) {
        // Such as a topic that cannot be made: the record's partition waits until it can.
        failed(e, answer);
      }
    }

    private void failed(Exception failure, CompletableFuture<Void> answer) {
      tooLarge = failure instanceof RecordTooLargeException;
      answer.completeExceptionally(failure);
    }
  }

  /** The producer, opened by whoever needs it first; who needs none does not wait for that. */
  private Producer<byte[], byte[]> producer() {
    synchronized (opening) {
      if (producer == null) {
        producer = producers.get();
      }
      return producer;
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
    if (mine.letters.isEmpty()) {
      return;
    }
    try {
      for (Letter letter : mine.letters) {
        letter.await();
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

  /** How many records this process has put aside. */
  public long count() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    synchronized (opening) {
      if (producer != null) {
        // Who sent something still undelivered has not marked it as done.
        producer.close(CLOSE_TIMEOUT);
      }
    }
  }

  private ProducerRecord<byte[], byte[]> whole(
      String id, ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    var headers = new RecordHeaders(record.headers());
    addPlace(headers, record);
    header(headers, "exception.message", reason);
    byte[] key = bytesOf(record.key());
    if (key != null) {
      headers.add(KEY, key);
    }
    byte[] value = bytesOf(record.value());
    return letter(id, value == null ? NO_VALUE : value, headers);
  }

  /** Without all that may be large: the value, the record's own headers, a key that is none. */
  private ProducerRecord<byte[], byte[]> shortened(
      String id, ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
    var headers = new RecordHeaders();
    addPlace(headers, record);
    header(
        headers,
        "exception.message",
        reason.substring(0, Math.min(reason.length(), MOST_OF_A_FIELD)));
    ByteBuffer value = record.value();
    long leftOut = value == null ? 0 : value.remaining();
    for (Header header : record.headers()) {
      leftOut += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    byte[] key = bytesOf(record.key());
    if (key != null && key.length <= MOST_OF_A_FIELD) {
      headers.add(KEY, key);
    } else if (key != null) {
      leftOut += key.length;
    }
    headers.add(LEFT_OUT, Long.toString(leftOut).getBytes(StandardCharsets.UTF_8));
    return letter(id, NO_VALUE, headers);
  }

  private ProducerRecord<byte[], byte[]> letter(String id, byte[] value, Headers headers) {
    return new ProducerRecord<>(topic, null, id.getBytes(StandardCharsets.UTF_8), value, headers);
  }

  private void addPlace(Headers headers, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    header(headers, "topic", record.topic());
    header(headers, "partition", Integer.toString(record.partition()));
    header(headers, "offset", Long.toString(record.offset()));
    header(headers, "connector.name", group);
  }

  private static void header(Headers headers, String name, String value) {
    headers.add("__connect.errors." + name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static byte @Nullable [] bytesOf(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer);
  }
}
