package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.publish.PublishOutcome.Published;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of publishes on a real broker, and what is undone, deleted and exported by it. */
@Timeout(180)
class PublishLogIT {
  private static final int KILLS = Integer.getInteger("zonecast.test.kills", 8);
  private static final String HEADER = "carrier,origin,destination,zone,flags,effective_date";

  private final String topic = Topics.newName();
  private final PublishSettings settings = PublishSettings.of(topic);
  private final PublishLog log = new PublishLog(Topics.clients(), topic);

  @TempDir Path directory;

  @Test
  void aPublishLeavesItsSummaryAndWhatItReplaced() throws Exception {
    publish("usps,1,1,1,,2025-01-01", "usps,1,2,2,*,", "usps,1,3,3,,");
    Published second = publishAnyway("usps,1,1,9,,2026-01-01", "usps,1,2,2,*,", "usps,1,4,4,,");

    List<PublishSummary> summaries = log.summaries();
    List<Change> changes = new ArrayList<>();
    PublishSummary found = log.changes(second.publishId(), changes::add);

    assertThat(summaries).hasSize(2).last().isEqualTo(found);
    assertThat(List.of(found.getAdded(), found.getChanged(), found.getRemoved()))
        .containsExactly(1L, 1L, 1L);
    assertThat(found.getCarriers()).containsExactly("usps");
    assertThat(found.getOverrides()).containsExactly("--max-removed");
    assertThat(found.getFiles().get(0).getSha256())
        .isEqualTo(second.report().diff().checksums().get(0));
    assertThat(changes)
        .extracting(Change::toString)
        .containsExactlyInAnyOrder("usps:1:1 1 → 9", "usps:1:3 3 → -");
  }

  @Test
  void theLogIsReadUpToATransactionThatStaysOpen() throws Exception {
    publish("usps,1,1,1,,");
    try (KafkaProducer<byte[], byte[]> other = Topics.plain(topic).transactional("other")) {
      other.beginTransaction();
      other.send(new ProducerRecord<>(ZoneTopic.publishesOf(topic), new byte[] {1})).get();

      assertThat(log.summaries()).hasSize(1);
      other.abortTransaction();
    }
  }

  @Test
  void aPublishThatChangesNothingLeavesNoEntry() throws Exception {
    publish("usps,1,1,1,,");
    publish("usps,1,1,1,,2026-01-01");

    assertThat(log.summaries()).hasSize(1);
  }

  @Test
  void aFileOfChangesNamesTheCarriersOfItsRows() throws Exception {
    publish("usps,1,1,1,,", "ups,1,1,1,,");
    FileOptions delta = new FileOptions(Optional.empty(), Optional.empty(), true);
    Topics.publisher(settings)
        .publish(Topics.file(directory, delta, "op," + HEADER, "delete,ups,1,1,,,"));

    assertThat(log.summaries().get(1).getCarriers()).containsExactly("ups");
    assertThat(log.summaries().get(1).getRemoved()).isOne();
  }

  @Test
  void withoutTheLogNoTopicIsMade() throws Exception {
    Topics.publish(directory, topic, "usps,1,1,1,");
    PublishSettings unlogged = Topics.settings(topic + "-unlogged", Guards.STRICT);
    Topics.publisher(unlogged).publish(Topics.csv(directory, "usps,1,1,1,"));

    try (Admin admin = Topics.admin()) {
      assertThat(admin.listTopics().names().get())
          .contains(ZoneTopic.publishesOf(topic))
          .doesNotContain(ZoneTopic.publishesOf(topic + "-unlogged"));
    }
    assertThat(new PublishLog(Topics.clients(), topic + "-unlogged").summaries()).isEmpty();
  }

  @Test
  void anExportThatIsPublishedElsewhereIsExportedAgainByteForByte() throws Exception {
    publish(rows(3_000, 0));
    byte[] export = export(topic);
    Path file = directory.resolve("export.csv");
    Files.write(file, export);
    String other = Topics.newName();
    Topics.publisher(PublishSettings.of(other)).publish(Edition.open(file, FileOptions.NONE));

    assertThat(export(other)).isEqualTo(export);
    assertThat(new String(export, StandardCharsets.US_ASCII).lines().skip(1))
        .isSorted()
        .hasSize(3_000);
  }

  @Test
  void anUndoneEditionLeavesTheTableAsItWasByteForByte() throws Exception {
    publish(rows(3_000, 0));
    byte[] before = export(topic);
    String[] edition = rows(3_000, 7);
    // Some rows leave, some come.
    System.arraycopy(rows(3_200, 0), 3_000, edition, 0, 100);
    Published second = publishAnyway(edition);
    assertThat(export(topic)).isNotEqualTo(before);

    TableEditor.Undo undo = undo(second.publishId(), false);

    assertThat(undo.kept()).isEmpty();
    assertThat(undo.keptAdded()).isZero();
    assertThat(export(topic)).isEqualTo(before);
    PublishSummary logged = log.summaries().get(2);
    assertThat(logged.getUndoes()).isEqualTo(second.publishId());
  }

  @Test
  void anUndoOfAFirstPublishAndItsOwnUndoLeaveEverything() throws Exception {
    Published first = publish(rows(500, 0));
    byte[] before = export(topic);

    undo(first.publishId(), false);
    byte[] undone = export(topic);
    String undoId = log.summaries().get(1).getId();
    undo(undoId, false);

    assertThat(new String(undone, StandardCharsets.US_ASCII).lines()).hasSize(1);
    assertThat(export(topic)).isEqualTo(before);
  }

  @Test
  void rowsThatWereWrittenLaterAreKeptAndListed() throws Exception {
    publish("usps,1,1,1,,", "usps,1,2,2,,", "usps,1,3,3,,", "usps,1,4,4,,");
    Published second =
        publishAnyway("usps,1,1,9,,", "usps,1,2,9,,", "usps,1,3,9,,", "usps,1,5,5,,");
    update("usps:1:1", "7");
    update("usps:1:5", "7");
    Published third = publish("usps,1,1,7,,", "usps,1,2,8,,", "usps,1,3,9,,", "usps,1,5,7,,");

    TableEditor.Undo undo = undo(second.publishId(), false);

    assertThat(undo.kept()).containsExactlyInAnyOrder("usps:1:1", "usps:1:2");
    assertThat(undo.keptAdded()).isOne();
    assertThat(undo.later()).extracting(PublishSummary::getId).containsExactly(third.publishId());
    assertThat(Topics.rows(topic))
        .isEqualTo(
            Map.of(
                "usps:1:1",
                "7",
                "usps:1:2",
                "8",
                "usps:1:3",
                "3",
                "usps:1:4",
                "4",
                "usps:1:5",
                "7"));
  }

  @Test
  void overLaterRestoresWhatWasWrittenLaterToo() throws Exception {
    publish("usps,1,1,1,,", "usps,1,2,2,,");
    Published second = publish("usps,1,1,9,,", "usps,1,2,9,,");
    update("usps:1:1", "7");

    TableEditor.Undo undo = undo(second.publishId(), true);

    assertThat(undo.kept()).isEmpty();
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:1:1", "1", "usps:1:2", "2"));
  }

  @Test
  void anUpdateBetweenTheReadingAndTheCommitIsNamedIfItIsOverwritten() throws Exception {
    publish("usps,1,1,1,,", "usps,1,2,2,,");
    Published second = publish("usps,1,1,9,,", "usps,1,2,9,,");

    List<String> overwritten;
    try (TableEditor editor = editor(false)) {
      editor.undo(second.publishId(), false, RowRules.NONE);
      update("usps:1:2", "7");
      overwritten = editor.commit();
    }

    assertThat(overwritten).containsExactly("usps:1:2");
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:1:1", "1", "usps:1:2", "2"));
  }

  @Test
  void aDryRunWritesNothingAndEndsNoOtherPublish() throws Exception {
    Published first = publish("usps,1,1,1,,");
    try (KafkaProducer<byte[], byte[]> other = transactional(settings.transactionalId())) {
      try (TableEditor editor = editor(true)) {
        assertThat(editor.undo(first.publishId(), false, RowRules.NONE).counts().removed()).isOne();
      }
      other.beginTransaction();
      byte[] key = "usps:9:9".getBytes(StandardCharsets.US_ASCII);
      other.send(new ProducerRecord<>(topic, key, null)).get();
      // A publish that was ended could not.
      other.commitTransaction();
    }
    assertThat(Topics.rows(topic)).hasSize(1);
  }

  @Test
  void aPublishThatTheLogDoesNotHoldIsRefusedWithTheOldestThatItHolds() throws Exception {
    Published first = publish("usps,1,1,1,,");

    try (TableEditor editor = editor(true)) {
      assertThatThrownBy(() -> editor.undo("0123456789abcdef", false, RowRules.NONE))
          .isInstanceOf(NoSuchPublishException.class)
          .hasMessageContaining("0123456789abcdef is not in topic " + topic + ".publishes")
          .hasMessageContaining("the oldest one there is " + first.publishId());
    }
  }

  @Test
  void aPublishToAnEarlierTopicOfTheNameIsRefused() throws Exception {
    Published first = publish("usps,1,1,1,,");
    try (Admin admin = Topics.admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
    try (Admin admin = Topics.admin()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !admin.listTopics().names().get().contains(topic));
    }
    Published second = publish("usps,1,1,2,,");
    assertThat(second.report().counts().added()).isOne();

    try (TableEditor editor = editor(true)) {
      assertThatThrownBy(() -> editor.undo(first.publishId(), false, RowRules.NONE))
          .isInstanceOf(NoSuchPublishException.class)
          .hasMessageContaining("was to another topic " + topic);
    }
  }

  @Test
  void aDeletedCarrierIsGoneAndCanBeUndone() throws Exception {
    publish("usps,1,1,1,,2025-01-01", "usps.x,1,2,2,,", "ups,1,1,4,*,");
    byte[] before = export(topic);

    String deletion;
    try (TableEditor editor = editor(false)) {
      assertThat(editor.delete("usps")).isOne();
      assertThat(editor.commit()).isEmpty();
      deletion = editor.editId();
    }

    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps.x:1:2", "2", "ups:1:1", "4 *"));
    undo(deletion, false);
    assertThat(export(topic)).isEqualTo(before);
  }

  /** Killed before the commit, at it, or after it: what is there is in both topics. */
  @Test
  void aKilledPublishLeavesRowsAndEntryBothOrNeither() throws Exception {
    publish(rows(2_000, 0));
    Random random = new Random(16);
    for (int round = 1; round <= KILLS; round++) {
      Path file =
          Topics.file(directory, FileOptions.NONE, HEADER, rows(2_000, round))
              .files()
              .get(0)
              .path();
      try (CommandProcess publisher =
          CommandProcess.startJava(
              PublishAndSay.class,
              List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"),
              String.valueOf(Topics.clients().producer().get("bootstrap.servers")),
              topic,
              file.toString())) {
        publisher.awaitSaid("compared", Duration.ofSeconds(60));
        LockSupport.parkNanos(random.nextInt(150_000_000));
        publisher.kill();
      }
      // Aborts the dead one's transaction, or finishes its commit.
      transactional(settings.transactionalId()).close();

      Map<String, Long> rowsOf = new TreeMap<>();
      Topics.plain(topic)
          .committed()
          .forEach(record -> rowsOf.merge(writer(record), 1L, Long::sum));
      Map<String, Long> logged = new TreeMap<>();
      log.summaries()
          .forEach(
              each ->
                  logged.put(
                      each.getId(), each.getAdded() + each.getChanged() + each.getRemoved()));
      assertThat(rowsOf).isEqualTo(logged);
    }
  }

  private Published publish(String... rows) throws Exception {
    return (Published)
        Topics.publisher(settings).publish(Topics.file(directory, FileOptions.NONE, HEADER, rows));
  }

  /** With every row of the table free to go. */
  private Published publishAnyway(String... rows) throws Exception {
    PublishSettings open =
        new PublishSettings(
            topic,
            ZoneTopic.DEFAULT_PARTITIONS,
            PublishSettings.DEFAULT_TRANSACTION_TIMEOUT,
            new Guards(100, Set.of()),
            settings.log());
    return (Published)
        Topics.publisher(open).publish(Topics.file(directory, FileOptions.NONE, HEADER, rows));
  }

  private TableEditor editor(boolean dryRun) throws PublishException {
    return TableEditor.open(
        Topics.clients(), RowSerdes.bundled(), settings, StepProgress.NONE, dryRun);
  }

  /** Undoes a publish while no one else writes. */
  private TableEditor.Undo undo(String id, boolean overLater) throws Exception {
    try (TableEditor editor = editor(false)) {
      TableEditor.Undo undo = editor.undo(id, overLater, RowRules.NONE);
      assertThat(editor.commit()).isEmpty();
      return undo;
    }
  }

  private static byte[] export(String topic) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TableExport(
            Topics.clients(), RowSerdes.bundled(), PublishSettings.of(topic), StepProgress.NONE)
        .write(Optional.empty(), out);
    return out.toByteArray();
  }

  /** Writes one row as a stream does: without the header of a publish. */
  private void update(String key, String zone) throws Exception {
    RowFields fields = new RowFields();
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    fields.pointAtKey(bytes);
    fields.zone().set(zone);
    byte[] value = new ZoneRowEncoder(BundledSchemas.load().latestId()).encode(fields);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Topics.clients().producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, bytes, value)).get();
    }
  }

  private static KafkaProducer<byte[], byte[]> transactional(String id) {
    Map<String, Object> config = new HashMap<>(Topics.clients().producer());
    config.put("transactional.id", id);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static String writer(ConsumerRecord<byte[], byte[]> record) {
    String source =
        new String(record.headers().lastHeader(RowHeaders.SOURCE).value(), StandardCharsets.UTF_8);
    return source.substring(0, source.indexOf(' '));
  }

  /** A table whose twentieth rows change with each edition, and all of whose dates do. */
  private static String[] rows(int count, int edition) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "usps,%d,%d,%d,%s,%s"
                    .formatted(
                        i / 50,
                        i % 50,
                        (7 * i + (i % 20 == 0 ? edition : 0)) % 9 + 1,
                        i % 3 == 0 ? "*" : "",
                        i % 5 == 0 ? "" : LocalDate.of(2025, 1, 1).plusDays(edition)))
        .toArray(String[]::new);
  }
}
