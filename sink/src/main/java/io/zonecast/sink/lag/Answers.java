package io.zonecast.sink.lag;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Waits for what the brokers answer, and throws what they refuse unwrapped. */
final class Answers {
  private Answers() {}

  static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        // Kafka's exceptions have no stack of their own; this one says who asked.
        refused.addSuppressed(e);
        throw refused;
      }
      throw new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** What was answered for {@code key}, which was asked for. */
  static <K, V> V of(Map<K, V> answers, K key) {
    @Nullable V answer = answers.get(key);
    if (answer == null) {
      throw new IllegalStateException("the brokers gave no answer for " + key);
    }
    return answer;
  }
}
