package io.zonecast.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ContactTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Contact contact = new Contact("Kafka at k:9092", "is it up?", nanos::get);
  private final Logger logger = (Logger) LoggerFactory.getLogger(Contact.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void hangUp() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  @Test
  void whatIsKnownIsAsOldAsTheLastAnswer() {
    contact.askOnce(() -> "yes");
    later(3);

    assertThat(contact.isLost()).isFalse();
    assertThat(contact.words()).isEqualTo("Kafka at k:9092 answered 3.0 s ago");
  }

  @Test
  void afterFiveSecondsNothingIsClaimedThoughNoQuestionHasFailedYet() {
    later(6);

    assertThat(contact.isLost()).isTrue();
    assertThat(contact.words()).isEqualTo("Kafka at k:9092 has not answered for 6.0 s; is it up?");
  }

  @Test
  void theLogSaysOnceThatItIsGoneAndOnceThatItIsBack() {
    for (int second = 0; second < 24; second++) {
      later(1);
      contact.askOnce(
          () -> {
            throw new TimeoutException();
          });
    }
    contact.askOnce(() -> "yes");
    contact.askOnce(() -> "yes");

    assertThat(lines())
        .containsExactly(
            "Kafka at k:9092 has not answered for 6.0 s; is it up?",
            "Kafka at k:9092 answers again, after 24 s");
  }

  @Test
  void itIsAskedInTheBackground() throws Exception {
    var asked = new CountDownLatch(2);

    try (RepeatedChecks asking =
        contact.ask(
            () -> {
              asked.countDown();
              return asked;
            })) {
      assertThat(asking).isNotNull();
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void later(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
