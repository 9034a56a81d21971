package io.zonecast.schemas.topic;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Waits for what the brokers answer, and throws what they refuse unwrapped. */
public final class BrokerAnswers {
  private BrokerAnswers() {}

  /**
   * Waits for an answer.
   *
   * @throws KafkaException if the brokers refuse it, or do not give it within the client's time-out
   * @throws InterruptException if the thread is interrupted, which it then still is
   */
  public static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        // It has no trace of its own, and Kafka throws one object many times: who asked now
        // replaces who asked before.
        refused.setStackTrace(e.getStackTrace());
        throw refused;
      }
      throw new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** What was answered for {@code key}, which was asked for. */
  public static <K, V> V of(Map<K, V> answers, K key) {
    @Nullable V answer = answers.get(key);
    if (answer == null) {
      throw new IllegalStateException("the brokers gave no answer for " + key);
    }
    return answer;
  }
}
