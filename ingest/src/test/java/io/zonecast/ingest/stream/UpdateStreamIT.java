package io.zonecast.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.fixture.BrokerMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The stream on a real broker. */
class UpdateStreamIT {
  private static final String KEY = "usps:005:010";

  @TempDir private Path directory;
  private StreamStage stage;

  @BeforeEach
  void setTheStage() {
    stage = new StreamStage(directory.resolve("state"));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Tag("containers")
  @Test
  void eachUpdateReachesTheTableOnceAndWhatChangesNothingNotAtAll() throws Exception {
    try (Producer<byte[], byte[]> publisher = stage.publisher();
        RunningStream stream = RunningStream.start(stage.settings()).ready()) {
      publish(publisher, List.of(KEY), "A");
      stage.update(Updates.of("1", KEY, "B", Updates.NOON));
      stage.awaitTaken(stream);
      awaitDropped(stream, KEY, "B");
      stage.update(Updates.of("3", KEY, null, Updates.NOON));
      stage.awaitTaken(stream);

      assertThat(stage.held()).isEmpty();
      assertThat(updateIds()).contains("1", "3").doesNotHaveDuplicates();
      assertThat(UpdateHeader.of(stage.rows().get(1).headers()))
          .hasValueSatisfying(
              header -> {
                assertThat(header.id()).isEqualTo("1");
                assertThat(header.requestedAtMillis()).isEqualTo(Updates.NOON.toEpochMilli());
              });
      assertThat(stage.rejected()).isEmpty();
    }
  }

  /** An update may be written that changes nothing; once the table is quiet, it is dropped. */
  private void awaitDropped(RunningStream stream, String key, String zone) {
    await()
        .atMost(StreamStage.LIMIT)
        .untilAsserted(
            () -> {
              long before = stream.counts().unchanged();
              stage.update(Updates.of(key, zone));
              stage.awaitTaken(stream);
              assertThat(stream.counts().unchanged()).isGreaterThan(before);
            });
  }

  /**
   * The race that the topology's driver cannot show: a publish has committed, and at once somebody
   * changes its rows back. The stream's copy of the table may still have the former value, to which
   * the update is equal.
   */
  @Test
  void noChangeIsLostThatComesAtOnceBehindAPublish() throws Exception {
    int rounds = 10;
    List<String> keys = keys(200);
    try (Producer<byte[], byte[]> publisher = stage.publisher();
        RunningStream stream = RunningStream.start(stage.settings()).ready()) {
      publish(publisher, keys, "A");
      awaitDropped(stream, keys.get(0), "A");
      for (int round = 0; round < rounds; round++) {
        publish(publisher, keys, "B");
        for (String key : keys) {
          stage.update(Updates.of(key, "A"));
        }
        stage.flush();
        if (round % 2 == 0) {
          // In a quiet table as well as in one whose last updates are still on their way.
          stage.awaitTaken(stream);
        } else {
          // The next publish is to come after these, as the last word has to be an update's.
          stage.awaitTaken(stream);
          for (String key : keys) {
            stage.update(Updates.of(key, "B"));
            stage.update(Updates.of(key, "A"));
          }
          stage.flush();
          stage.awaitTaken(stream);
        }
      }

      assertThat(stage.held().values()).hasSize(keys.size()).containsOnly("A");
    }
  }

  @Test
  @Timeout(30)
  void threadThatIsStuckDoesNotHoldUpTheEnd() throws Exception {
    StreamSettings usual = stage.settings();
    StreamSettings.Kafka kafka = usual.kafka();
    Map<String, Object> stuck = new HashMap<>(kafka.consumer());
    stuck.put("value.deserializer", StuckDeserializer.class.getName());
    StreamSettings settings =
        usual.with(
            new StreamSettings.Kafka(kafka.admin(), stuck, kafka.producer(), kafka.streams()));
    stage.update(Updates.of(KEY, "A"));
    RunningStream stream = RunningStream.start(new UpdateStream(settings, Duration.ofMillis(200)));
    try {
      assertThat(StuckDeserializer.ENTERED.await(20, TimeUnit.SECONDS)).isTrue();

      stream.close();

      // Reached at all is what is asserted: close() waits for run().
      assertThat(StuckDeserializer.RELEASED.getCount()).isEqualTo(1);
    } finally {
      StuckDeserializer.RELEASED.countDown();
    }
  }

  /** Never answers, as one does that waits for a service that is gone. */
  public static final class StuckDeserializer implements Deserializer<Object> {
    static final CountDownLatch ENTERED = new CountDownLatch(1);
    static final CountDownLatch RELEASED = new CountDownLatch(1);

    @Override
    public Object deserialize(String topic, byte[] data) {
      ENTERED.countDown();
      try {
        RELEASED.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new SerializationException("released");
    }
  }

  @Test
  void poisonIsPutAsideAndNeitherStopsNorLoops() throws Exception {
    byte[] key = KEY.getBytes(UTF_8);
    stage.update(key, "no update".getBytes(UTF_8));
    stage.update(key, null);
    stage.update("nonsense".getBytes(UTF_8), Updates.encode(Updates.of(KEY, "1")));
    stage.update(null, new byte[0]);
    stage.update(Updates.of(KEY, "2"));
    try (RunningStream stream = RunningStream.start(stage.settings())) {
      stage.awaitTaken(stream);

      assertThat(stage.held()).isEqualTo(Map.of(KEY, "2"));
      List<ConsumerRecord<byte[], byte[]>> rejected = stage.rejected();
      assertThat(rejected).hasSize(4);
      assertThat(rejected)
          .extracting(letter -> header(letter, "__connect.errors.exception.message"))
          .allMatch(reason -> !reason.isEmpty());
      assertThat(rejected)
          .extracting(letter -> header(letter, "__connect.errors.topic"))
          .containsOnly(stage.updates);
    }
  }

  /**
   * What an update wrote, and a publish wrote over, stays so when the group's offsets are gone; as
   * long as they are there, what came a moment before a publish is applied.
   */
  @Test
  void groupWhoseOffsetsAreGoneOverwritesNoPublish() throws Exception {
    String early = "usps:005:011";
    String late = "usps:005:012";
    String group = StreamSettings.groupOf(stage.table);
    try (Producer<byte[], byte[]> publisher = stage.publisher()) {
      stage.update(Updates.of(early, "4"));
      stage.flush();
      publish(publisher, List.of(early), "8");
      try (RunningStream stream = RunningStream.start(stage.settings())) {
        stage.awaitTaken(stream);
        stage.update(Updates.of(KEY, "4"));
        stage.awaitTaken(stream);
      }
      assertThat(stage.held()).isEqualTo(Map.of(early, "8", KEY, "4"));
      assertThat(stage.rejected())
          .singleElement()
          .extracting(letter -> header(letter, "__connect.errors.exception.message"))
          .asString()
          .contains("and a publish wrote its key at 20");

      stage.update(Updates.of(late, "4"));
      stage.flush();
      publish(publisher, List.of(late), "8");
      try (RunningStream stream = RunningStream.start(stage.settings())) {
        stage.awaitTaken(stream);
      }
      assertThat(stage.held()).isEqualTo(Map.of(early, "8", late, "4", KEY, "4"));

      publish(publisher, List.of(KEY, late), "8");
      stage
          .admin()
          .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
      stage.admin().deleteConsumerGroups(List.of(group)).all().get();
      try (RunningStream stream = RunningStream.start(stage.settings())) {
        stage.awaitTaken(stream);
      }
      assertThat(stage.held()).containsOnlyKeys(early, late, KEY).values().containsOnly("8");
    }
  }

  /** The copy still has the row; nothing in the topic tells that it was deleted. */
  @Test
  void copyOlderThanTheTombstonesIsReadBack() throws Exception {
    stage
        .admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, stage.table),
                Stream.of("delete.retention.ms", "segment.ms", "min.cleanable.dirty.ratio")
                    .map(name -> new ConfigEntry(name, name.startsWith("min") ? "0.001" : "100"))
                    .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                    .toList()))
        .all()
        .get();
    BrokerMetadata.settle(stage.admin());
    try (Producer<byte[], byte[]> publisher = stage.publisher()) {
      publish(publisher, List.of(KEY), "A");
      try (RunningStream stream = RunningStream.start(stage.settings()).ready()) {
        awaitDropped(stream, KEY, "A");
      }
      publish(publisher, List.of(KEY), null);
      await()
          .atMost(StreamStage.LIMIT)
          .untilAsserted(
              () -> {
                publish(publisher, keys(30), "A");
                assertThat(stage.rows()).noneMatch(row -> new String(row.key(), UTF_8).equals(KEY));
              });
    }

    try (RunningStream stream = RunningStream.start(stage.settings()).ready()) {
      stage.update(Updates.of(KEY, "A"));
      stage.awaitTaken(stream);
    }

    assertThat(stage.held()).containsEntry(KEY, "A");
  }

  @Test
  void aWipedStateDirectoryIsRestoredAndSaysSo() throws Exception {
    List<String> keys = keys(500);
    try (Producer<byte[], byte[]> publisher = stage.publisher()) {
      publish(publisher, keys, "A");
      try (RunningStream stream = RunningStream.start(stage.settings()).ready()) {
        awaitDropped(stream, keys.get(0), "A");
      }
      wipe(directory.resolve("state"));
      ListAppender<ILoggingEvent> log = new ListAppender<>();
      Logger logger = (Logger) LoggerFactory.getLogger(RestoreLog.class);
      log.start();
      logger.setLevel(Level.INFO);
      logger.addAppender(log);
      try (RunningStream stream = RunningStream.start(stage.settings()).ready()) {
        awaitDropped(stream, keys.get(1), "A");
      } finally {
        logger.detachAppender(log);
        logger.setLevel(null);
      }

      assertThat(log.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .anyMatch(line -> line.startsWith("restoring the copies of " + stage.table))
          .anyMatch(line -> line.startsWith("restored the copies of " + stage.table + ": "));
      assertThat(stage.held()).hasSize(keys.size());
    }
  }

  @Test
  void killedAndStartedAgainItEndsWhereAnybodyWouldWhoAppliedThemInOrder() throws Exception {
    Random random = new Random(6);
    List<String> keys = keys(40);
    Map<String, String> oracle = new HashMap<>();
    int number = 0;
    CommandProcess process = startProcess();
    try {
      for (int kill = 0; kill < 3; kill++) {
        int until = number + 150;
        for (; number < until; number++) {
          String key = keys.get(random.nextInt(keys.size()));
          String zone = random.nextInt(5) == 0 ? null : "z" + random.nextInt(3);
          stage.update(Updates.of("n-" + number, key, zone, Updates.NOON));
          stage.flush();
          if (zone == null) {
            oracle.remove(key);
          } else {
            oracle.put(key, zone);
          }
          if (number == until - 100 && kill > 0) {
            process.close();
            process = startProcess();
          }
        }
      }
    } finally {
      process.close();
    }
    try (RunningStream stream = RunningStream.start(stage.settings())) {
      stage.awaitTaken(stream);
    }

    assertThat(stage.held()).isEqualTo(oracle);
    assertThat(updateIds()).doesNotHaveDuplicates();
  }

  @Test
  void twoMembersShareThePartitionsAndOneTakesOverWithItsStandbys() throws Exception {
    List<String> keys = keys(18);
    Map<String, Object> standbys =
        Map.of(
            "num.standby.replicas",
            "1",
            // None of these decides where a key lies.
            "partitioner.class",
            RoundRobinPartitioner.class.getName(),
            "producer.partitioner.class",
            RoundRobinPartitioner.class.getName(),
            "producer.partitioner.ignore.keys",
            "true");
    try (RunningStream two = RunningStream.start(stage.member("two", standbys)).ready()) {
      try (RunningStream one = RunningStream.start(stage.member("one", standbys)).ready()) {
        await()
            .atMost(StreamStage.LIMIT)
            .untilAsserted(() -> assertThat(stage.membersWithUpdates()).isEqualTo(2));
        keys.forEach(key -> stage.update(Updates.of(key, "A")));
        stage.awaitTaken(one);

        assertThat(one.counts().written()).isPositive();
        assertThat(two.counts().written()).isPositive();
        assertThat(one.counts().written() + two.counts().written()).isEqualTo(keys.size());
      }
      keys.forEach(key -> stage.update(Updates.of(key, "B")));
      stage.awaitTaken(two);
      keys.forEach(key -> awaitDropped(two, key, "B"));
    }

    assertThat(stage.held()).hasSize(keys.size()).values().containsOnly("B");
    assertThat(updateIds()).doesNotHaveDuplicates();
  }

  private List<String> updateIds() throws Exception {
    return stage.rows().stream()
        .flatMap(row -> UpdateHeader.of(row.headers()).stream())
        .map(UpdateHeader::id)
        .toList();
  }

  private CommandProcess startProcess() {
    return CommandProcess.startJava(
        StreamMain.class,
        List.of("-XX:TieredStopAtLevel=1"),
        Servers.shared().broker().bootstrapServers(),
        stage.table,
        directory.resolve("state").toString());
  }

  private void publish(
      Producer<byte[], byte[]> publisher, List<String> keys, @Nullable String zone) {
    publisher.beginTransaction();
    for (String key : keys) {
      sendRow(publisher, key, zone);
    }
    publisher.commitTransaction();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit fails where it did
  private void sendRow(Producer<byte[], byte[]> publisher, String key, @Nullable String zone) {
    publisher.send(stage.row(key, zone));
  }

  private static List<String> keys(int count) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add("usps:%03d:%03d".formatted(i / 10, i));
    }
    return keys;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = Objects.requireNonNull(record.headers().lastHeader(name), name);
    return new String(header.value(), UTF_8);
  }

  private static void wipe(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
