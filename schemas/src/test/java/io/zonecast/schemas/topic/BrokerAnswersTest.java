package io.zonecast.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class BrokerAnswersTest {

  /** It is one object for all who are refused, for as long as the process lives. */
  @Test
  void aRefusalIsThrownAsItIsSaysWhoAskedLastAndDoesNotGrow() {
    KafkaException refusal = Errors.UNKNOWN_TOPIC_OR_PARTITION.exception();

    assertThat(catchThrowable(() -> BrokerAnswers.await(failed(refusal)))).isSameAs(refusal);

    assertThat(refusal.getSuppressed()).isEmpty();
    assertThat(refusal.getStackTrace())
        .extracting(StackTraceElement::getClassName)
        .contains(getClass().getName());
  }

  @Test
  void whatIsNoRefusalIsTheCause() {
    IllegalStateException fault = new IllegalStateException("a fault of the client's");

    assertThatThrownBy(() -> BrokerAnswers.await(failed(fault)))
        .isInstanceOf(KafkaException.class)
        .hasCause(fault);
  }

  @Test
  void anInterruptedThreadStaysInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> BrokerAnswers.await(new KafkaFutureImpl<>()))
        .isInstanceOf(InterruptException.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anAnswerThatIsMissingIsNamed() {
    assertThatThrownBy(() -> BrokerAnswers.of(Map.of("a", 1), "b"))
        .hasMessage("the brokers gave no answer for b");
  }

  private static KafkaFuture<String> failed(Throwable failure) {
    KafkaFutureImpl<String> future = new KafkaFutureImpl<>();
    future.completeExceptionally(failure);
    return future;
  }
}
