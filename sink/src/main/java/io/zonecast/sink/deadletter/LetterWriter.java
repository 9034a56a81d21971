package io.zonecast.sink.deadletter;

import io.zonecast.schemas.topic.RangeReading;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Writes letters and waits for each answer, which may take minutes. For one thread. */
final class LetterWriter {
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

  private final String source;
  private final LetterFormat format;
  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> producer;

  LetterWriter(
      String source,
      LetterFormat format,
      Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
      Supplier<Producer<byte[], byte[]>> producers) {
    this.source = source;
    this.format = format;
    this.consumers = consumers;
    this.producers = producers;
  }

  /**
   * The letters that were written and those that failed. A letter in neither is superseded and
   * done.
   */
  record Round(List<Letter> written, Map<Letter, Throwable> failed) {}

  Round write(List<Letter> letters) throws InterruptedException {
    Map<Letter, Throwable> failed = new LinkedHashMap<>();
    Map<Letter, ProducerRecord<byte[], byte[]>> contents = new LinkedHashMap<>();
    read(letters, contents, failed);
    send(contents, failed);
    Map<Letter, ProducerRecord<byte[], byte[]>> shortened = new LinkedHashMap<>();
    failed.forEach(
        (letter, failure) -> {
          ProducerRecord<byte[], byte[]> whole = contents.get(letter);
          if (whole != null && failure instanceof RecordTooLargeException) {
            shortened.put(letter, LetterFormat.shortened(whole));
          }
        });
    failed.keySet().removeAll(shortened.keySet());
    send(shortened, failed);
    if (!failed.values().stream().allMatch(RecordTooLargeException.class::isInstance)) {
      // After some failures a producer is useless, and a deleted topic has to be created again.
      close();
    }
    contents.keySet().removeAll(failed.keySet());
    return new Round(List.copyOf(contents.keySet()), failed);
  }

  void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  private void read(
      List<Letter> letters,
      Map<Letter, ProducerRecord<byte[], byte[]>> contents,
      Map<Letter, Throwable> failed) {
    Map<Integer, List<Letter>> missing = new TreeMap<>();
    for (Letter letter : letters) {
      ProducerRecord<byte[], byte[]> content = letter.content();
      if (content == null) {
        missing.computeIfAbsent(letter.partition(), p -> new ArrayList<>()).add(letter);
      } else {
        contents.put(letter, content);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    try (Consumer<ByteBuffer, ByteBuffer> consumer = consumers.get()) {
      missing.forEach(
          (partition, its) -> {
            KafkaException failure = null;
            for (Letter letter : its) {
              // If a partition cannot be read, each letter would wait as long as the first.
              failure = failure == null ? readBack(letter, consumer, contents) : failure;
              if (failure != null) {
                failed.put(letter, failure);
              }
            }
          });
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      missing.values().forEach(its -> its.forEach(letter -> failed.put(letter, e)));
    }
  }

  /**
   * Reads the letter's record back, unless compaction has removed it: then it is superseded.
   *
   * @return the failure; null if there is none
   */
  private @Nullable KafkaException readBack(
      Letter letter,
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Map<Letter, ProducerRecord<byte[], byte[]>> contents) {
    var from = new TopicPartition(source, letter.partition());
    try {
      long offset = letter.offset();
      var reading = new RangeReading<>(consumer, Map.of(from, offset), each -> offset + 1);
      reading.poll(
          READ_TIMEOUT, record -> contents.put(letter, format.whole(record, letter.reason())));
      if (!reading.isDone()) {
        throw new TimeoutException("nothing comes");
      }
      return null;
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      return new KafkaException(
          "partition %s cannot be read at offset %d: %s"
              .formatted(from, letter.offset(), e.getMessage()),
          e);
    }
  }

  private void send(
      Map<Letter, ProducerRecord<byte[], byte[]>> contents, Map<Letter, Throwable> failed)
      throws InterruptedException {
    Map<Letter, Future<RecordMetadata>> sent = new LinkedHashMap<>();
    Throwable giveUp = null;
    for (var content : contents.entrySet()) {
      Future<RecordMetadata> answer =
          giveUp == null ? send(content.getValue()) : CompletableFuture.failedFuture(giveUp);
      sent.put(content.getKey(), answer);
      Throwable failure = answer.isDone() ? failureOf(answer) : null;
      // If brokers do not answer or the topic cannot be made, each would wait as long as the first.
      giveUp = producer == null || failure instanceof TimeoutException ? failure : null;
    }
    for (var letter : sent.entrySet()) {
      Throwable failure = failureOf(letter.getValue());
      if (failure != null) {
        failed.put(letter.getKey(), failure);
      }
    }
  }

  private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> content) {
    try {
      if (producer == null) {
        producer = producers.get();
      }
      return producer.send(content);
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      // Such as a topic that cannot be made.
      return CompletableFuture.failedFuture(e);
    }
  }

  private static @Nullable Throwable failureOf(Future<?> answer) throws InterruptedException {
    try {
      answer.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }
}
