package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.zonecast.ingest.StepProgress.Phase;
import io.zonecast.ingest.source.Edition;
import io.zonecast.sandbox.CommandProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Publishes that are killed, overtaken, stopped, too slow or deceived. */
@Timeout(120)
class PublishFaultsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final String topic = Topics.newName();
  private final PublishSettings settings = PublishSettings.of(topic);

  @TempDir Path directory;

  @Test
  void killedPublishersTransactionIsClearedByTheNext() throws Exception {
    Topics.publish(directory, topic, "usps,005,010,1,");
    CommandProcess dead =
        publishThenHang(Topics.csv(directory, "usps,005,010,9,", "usps,006,006,6,"));
    awaitTransaction(TransactionState.ONGOING);
    dead.close();

    PublishOutcome outcome = Topics.publish(directory, topic, "usps,005,010,2,", "usps,005,011,3,");

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(2, 1, 1, 0, 0, 0, 0));
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:005:010", "2", "usps:005:011", "3"));
  }

  @Test
  void publishThatIsOvertakenAtItsCommitEndsWithOneLineAndLeavesNothing() throws Exception {
    AtPhase beforeCommit = new AtPhase(Phase.PUBLISHING);
    CompletableFuture<PublishOutcome> overtaken =
        publishOnAThread(
            Topics.publisher(settings, beforeCommit), Topics.csv(directory, "usps,1,1,1,"));
    beforeCommit.awaitReached();

    Topics.publish(directory, topic, "usps,2,2,2,");
    beforeCommit.goOn();

    assertThatThrownBy(() -> overtaken.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PublishException.class)
        .hasMessageStartingWith(
            "another publish to topic "
                + topic
                + " has begun and taken over (transactional.id zonecast-publish-"
                + topic
                + "); ")
        .hasMessageEndingWith(". Run one at a time")
        .message()
        .doesNotContain("\n");
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:2:2", "2"));
  }

  @Test
  void transactionThatTakesTooLongFailsWhole() throws Exception {
    AtPhase beforeCommit = new AtPhase(Phase.PUBLISHING);
    PublishSettings hasty =
        new PublishSettings(topic, 6, Duration.ofSeconds(1), Guards.STRICT, Optional.empty());
    CompletableFuture<PublishOutcome> slow =
        publishOnAThread(
            Topics.publisher(hasty, beforeCommit), Topics.csv(directory, "usps,1,1,1,"));
    beforeCommit.awaitReached();

    awaitTransaction(TransactionState.COMPLETE_ABORT);
    beforeCommit.goOn();

    assertThatThrownBy(() -> slow.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("longer than --transaction-timeout 1 s")
        .hasMessageContaining("transaction.max.timeout.ms");
    assertThat(Topics.plain(topic).committed()).isEmpty();
  }

  @Test
  void timeoutBeyondTheBrokersIsRefusedAtTheStart() {
    PublishSettings lavish =
        new PublishSettings(topic, 6, Duration.ofHours(2), Guards.STRICT, Optional.empty());

    assertThatThrownBy(() -> Topics.publisher(lavish).publish(Topics.csv(directory, "usps,1,1,1,")))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("--transaction-timeout 7200 s")
        .hasMessageContaining("transaction.max.timeout.ms");
  }

  @Test
  void cancelledPublishIsAbortedAndLeavesNothing() throws Exception {
    AtPhase beforeCommit = new AtPhase(Phase.PUBLISHING);
    ZonePublisher publisher = Topics.publisher(settings, beforeCommit);
    CompletableFuture<PublishOutcome> cancelled =
        publishOnAThread(publisher, Topics.csv(directory, "usps,1,1,1,"));
    beforeCommit.awaitReached();
    awaitTransaction(TransactionState.ONGOING);

    assertThat(publisher.cancel(PATIENCE)).isTrue();

    assertThatThrownBy(() -> cancelled.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    // The coordinator answers when it has decided; its markers are written a moment later.
    awaitTransaction(TransactionState.COMPLETE_ABORT);
    assertThat(Topics.plain(topic).committed()).isEmpty();
  }

  @Test
  void publishCanBeCancelledWhileItReads() throws Exception {
    Topics.publish(directory, topic, "usps,1,1,1,");
    AtPhase reading = new AtPhase(Phase.READING_TOPIC);
    ZonePublisher publisher = Topics.publisher(settings, reading);
    CompletableFuture<PublishOutcome> cancelled =
        publishOnAThread(publisher, Topics.csv(directory, "usps,1,1,2,"));
    reading.awaitReached();

    assertThat(publisher.cancel(PATIENCE)).isTrue();

    assertThatThrownBy(() -> cancelled.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:1:1", "1"));
  }

  /** Few rows are kept, and the file is read for its checksum; of more it is read again. */
  @ParameterizedTest
  @ValueSource(ints = {1_001, Comparison.ROWS_KEPT + 1})
  void fileThatChangesWhileItIsPublishedPublishesNothing(int count) throws Exception {
    String[] rows =
        IntStream.range(0, count).mapToObj(i -> "usps,1," + i + ",1,").toArray(String[]::new);
    Edition file = Topics.csv(directory, rows);
    AtPhase compared = new AtPhase(Phase.COMPARING_FILE);
    CompletableFuture<PublishOutcome> deceived =
        publishOnAThread(Topics.publisher(settings, compared), file);
    compared.awaitReached();

    String other =
        Files.readString(file.files().get(0).path()).replace("usps,1,1000,1,", "usps,1,1000,2,");
    Files.writeString(file.files().get(0).path(), other, StandardCharsets.UTF_8);
    compared.goOn();

    assertThatThrownBy(() -> deceived.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("changed while it was read")
        .hasMessageContaining("Nothing is published");
    assertThat(Topics.plain(topic).committed()).isEmpty();
  }

  @Test
  void openTransactionOfAnotherIsNamedAndWaitedFor() throws Exception {
    Topics.publish(directory, topic, "usps,1,1,1,");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    Logger logger = (Logger) LoggerFactory.getLogger(OpenTransactionNotice.class);
    logger.addAppender(logged);
    try (KafkaProducer<byte[], byte[]> other = openTransaction("slow-" + topic);
        Admin admin = Topics.admin()) {
      OpenTransactionNotice openTransactions =
          new OpenTransactionNotice(admin, settings.transactionalId(), Clock.systemUTC());
      TopicPartition partition = partitionOfTheOther(admin);

      assertThat(openTransactions.explain(Map.of(partition, 1L), false)).isTrue();
      assertThat(openTransactions.explain(Map.of(partition, 1L), false)).isTrue();
      CompletableFuture<PublishOutcome> waiting =
          publishOnAThread(Topics.publisher(settings), Topics.csv(directory, "usps,1,1,2,"));
      other.commitTransaction();

      assertThat(logged.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .contains("Reading " + partition + " is held back at offset 1")
          .contains("transactional.id slow-" + topic);
      assertThat(waiting.get(60, TimeUnit.SECONDS)).isInstanceOf(PublishOutcome.Published.class);
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void nobodyIsNamedWhereNoTransactionIsOpen() throws Exception {
    Topics.publish(directory, topic, "usps,1,1,1,");
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = Topics.admin()) {
      OpenTransactionNotice openTransactions =
          new OpenTransactionNotice(admin, settings.transactionalId(), Clock.systemUTC());

      assertThat(openTransactions.explain(Map.of(partition, 0L), false)).isFalse();
    }
  }

  private TopicPartition partitionOfTheOther(Admin admin)
      throws InterruptedException, ExecutionException {
    return admin
        .describeTransactions(List.of("slow-" + topic))
        .description("slow-" + topic)
        .get()
        .topicPartitions()
        .iterator()
        .next();
  }

  private KafkaProducer<byte[], byte[]> openTransaction(String transactionalId)
      throws InterruptedException, ExecutionException {
    KafkaProducer<byte[], byte[]> producer = Topics.plain(topic).transactional(transactionalId);
    producer.beginTransaction();
    producer
        .send(
            new ProducerRecord<>(
                topic, "other:1:1".getBytes(StandardCharsets.UTF_8), new byte[] {1}))
        .get();
    return producer;
  }

  private CommandProcess publishThenHang(Edition file) {
    return CommandProcess.startJava(
        PublishThenHang.class,
        List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"),
        String.valueOf(Topics.clients().producer().get("bootstrap.servers")),
        topic,
        file.files().get(0).path().toString());
  }

  private void awaitTransaction(TransactionState state) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(transaction()).isEqualTo(state));
  }

  private TransactionState transaction() throws InterruptedException, ExecutionException {
    try (Admin admin = Topics.admin()) {
      return admin
          .describeTransactions(List.of(settings.transactionalId()))
          .description(settings.transactionalId())
          .get()
          .state();
    }
  }

  private static CompletableFuture<PublishOutcome> publishOnAThread(
      ZonePublisher publisher, Edition file) {
    CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                outcome.complete(publisher.publish(file));
              } catch (Exception e) {
                outcome.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return outcome;
  }
}
