package io.zonecast.sink.deadletter;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own mock, which refuses what it is told to, and can be opened again. */
final class KeptProducer extends MockProducer<byte[], byte[]> {
  private volatile int largest = Integer.MAX_VALUE;
  private volatile @Nullable RuntimeException refusal;
  private volatile @Nullable Future<RecordMetadata> held;
  private volatile int tries;
  private int opened;

  KeptProducer() {
    super(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  KeptProducer open() {
    opened++;
    return this;
  }

  /** Refuses everything; null takes it again. */
  void refuse(@Nullable RuntimeException with) {
    refusal = with;
  }

  /** Gives everything this answer. */
  void answer(Future<RecordMetadata> with) {
    held = with;
  }

  /** Refuses larger values. */
  void take(int largestBytes) {
    largest = largestBytes;
  }

  int tries() {
    return tries;
  }

  int opened() {
    return opened;
  }

  @Override
  public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> letter) {
    tries++;
    RuntimeException refused = refusal;
    if (refused != null) {
      return CompletableFuture.failedFuture(refused);
    }
    Future<RecordMetadata> answer = held;
    if (answer != null) {
      return answer;
    }
    return letter.value().length > largest
        ? CompletableFuture.failedFuture(new RecordTooLargeException("too large"))
        : super.send(letter);
  }

  @Override
  public void close(Duration timeout) {}
}
