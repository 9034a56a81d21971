package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.publish.PublishOutcome.Published;
import io.zonecast.ingest.publish.PublishOutcome.Refused;
import io.zonecast.ingest.publish.Refusal.Guard;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.source.ZoneFileException;
import io.zonecast.schemas.TopicUnfitException;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.serde.RowSerdes;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a publish does to the topic of a real broker. */
class PublishIT {
  private final String topic = Topics.newName();

  @TempDir Path directory;

  @Test
  void firstPublishMakesTheTopicAndAddsEveryRow() throws Exception {
    PublishOutcome outcome =
        Topics.publish(directory, topic, "usps,005,010,2,", "usps,010,005,2,*", "ups,1,2,Zone-4,");

    assertThat(outcome).isInstanceOf(Published.class);
    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(3, 3, 0, 0, 0, 0, 0));
    assertThat(outcome.report().bytes()).isPositive();
    assertThat(Topics.rows(topic))
        .isEqualTo(Map.of("usps:005:010", "2", "usps:010:005", "2 *", "ups:1:2", "Zone-4"));
  }

  @Test
  void publishedTwiceNothingIsSent() throws Exception {
    Topics.publish(directory, topic, "usps,005,010,2,", "usps,005,011,3,");

    PublishOutcome again = Topics.publish(directory, topic, "usps,005,010,2,", "usps,005,011,3,");

    assertThat(again).isInstanceOf(Published.class);
    assertThat(again.report().counts()).isEqualTo(new DiffCounts(2, 0, 0, 0, 2, 0, 0));
    assertThat(Topics.plain(topic).committed()).hasSize(2);
  }

  @Test
  void changedAddedAndRemovedRowsAreTheOnlyRecords() throws Exception {
    String[] rows = rows(40);
    Topics.publish(directory, topic, rows);
    rows[0] = "usps,0,0,9,*";
    rows[39] = "usps,new,one,1,";

    PublishOutcome outcome = Topics.publish(directory, topic, rows);

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(40, 1, 1, 1, 38, 0, 0));
    assertThat(Topics.plain(topic).committed()).hasSize(40 + 3);
    assertThat(Topics.rows(topic))
        .hasSize(40)
        .containsEntry("usps:0:0", "9 *")
        .containsEntry("usps:new:one", "1")
        .doesNotContainKey("usps:0:39");
  }

  @Test
  void newEffectiveDateAloneIsNoChange() throws Exception {
    String header = "carrier,origin,destination,zone,effective_date";
    ZonePublisher publisher = Topics.publisher(PublishSettings.of(topic));
    publisher.publish(
        Topics.file(directory, FileOptions.NONE, header, "usps,005,010,2,2024-04-01"));

    PublishOutcome outcome =
        publisher.publish(
            Topics.file(directory, FileOptions.NONE, header, "usps,005,010,2,2025-04-01"));

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(1, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void rowsOfCarriersThatTheFileDoesNotCoverStay() throws Exception {
    Topics.publish(directory, topic, "usps,005,010,2,", "ups,1,2,4,");

    Topics.publish(directory, topic, "usps,005,010,3,");

    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:005:010", "3", "ups:1:2", "4"));
  }

  @Test
  void chartOfOneOriginLeavesTheRowsOfOthers() throws Exception {
    ZonePublisher publisher = Topics.publisher(Topics.settings(topic, new Guards(100, Set.of())));
    ZoneFile chart980 = chart("980", "010-011,008,108").files().get(0);
    ZoneFile chart981 = chart("981", "010-011,007,107").files().get(0);
    publisher.publish(new Edition(List.of(chart980, chart981), false));

    PublishOutcome outcome = publisher.publish(chart("981", "010,006,107"));

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(2, 0, 1, 2, 1, 0, 0));
    assertThat(Topics.rows(topic))
        .isEqualTo(
            Map.of(
                "ups.ground:980:010", "008",
                "ups.ground:980:011", "008",
                "ups.next-day-air:980:010", "108",
                "ups.next-day-air:980:011", "108",
                "ups.ground:981:010", "006",
                "ups.next-day-air:981:010", "107"));
  }

  private Edition chart(String origin, String line) throws Exception {
    String title =
        "For shipments originating in ZIP Codes %s-00 to %s-99,,".formatted(origin, origin);
    return Topics.file(directory, FileOptions.NONE, title, "Dest. ZIP,Ground,Next Day Air", line);
  }

  @Test
  void recordsSayWhichPublishOfWhichFileWroteThem() throws Exception {
    Edition file = Topics.csv(directory, "usps,005,010,2,");

    Published outcome = (Published) Topics.publisher(PublishSettings.of(topic)).publish(file);

    assertThat(Topics.plain(topic).committed())
        .singleElement()
        .extracting(PublishIT::source)
        .isEqualTo(
            outcome.publishId()
                + " "
                + outcome.report().diff().checksums().get(0).substring(0, 16)
                + " "
                + file.name());
  }

  @Test
  void filesOfAnEditionAreOnePublishAndEachRecordNamesItsOwn() throws Exception {
    Topics.publish(directory, topic, "usps,005,010,2,", "usps,005,012,2,");
    ZoneFile matrix = Topics.csv(directory, "usps,005,010,3,", "usps,005,011,3,").files().get(0);
    ZoneFile exceptions = Topics.csv(directory, "usps,005,90210,4,").files().get(0);

    Published outcome =
        (Published)
            Topics.publisher(Topics.settings(topic, new Guards(100, Set.of())))
                .publish(new Edition(List.of(matrix, exceptions), false));

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(3, 2, 1, 1, 0, 0, 0));
    assertThat(Topics.rows(topic))
        .isEqualTo(Map.of("usps:005:010", "3", "usps:005:011", "3", "usps:005:90210", "4"));
    assertThat(Topics.plain(topic).committed())
        .filteredOn(record -> source(record).startsWith(outcome.publishId() + " "))
        .extracting(
            record ->
                new String(record.key(), StandardCharsets.UTF_8)
                    + source(record).replaceAll(".* ", " "))
        .containsExactlyInAnyOrder(
            "usps:005:010 " + matrix.name(),
            "usps:005:011 " + matrix.name(),
            "usps:005:90210 " + exceptions.name(),
            "usps:005:012 " + matrix.name());
  }

  private static String source(ConsumerRecord<byte[], byte[]> record) {
    return new String(
        record.headers().lastHeader(RowHeaders.SOURCE).value(), StandardCharsets.UTF_8);
  }

  @Test
  void badRowPublishesNothing() throws Exception {
    PublishOutcome outcome = Topics.publish(directory, topic, "usps,005,010,2,", "USPS,005,011,3,");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.refusals())
                    .extracting(Refusal::guard)
                    .containsExactly(Guard.BAD_ROWS));
    assertThat(outcome.report().diff().problems()).singleElement().asString().contains("line 3");
    assertThat(Topics.plain(topic).committed()).isEmpty();
  }

  @Test
  void skippedBadRowsLeaveTheOthersPublishedInPart() throws Exception {
    String[] rows = rows(3);
    Topics.publish(directory, topic, rows);
    PublishSettings skipping =
        Topics.settings(topic, new Guards(100, Set.of(Refusal.Guard.BAD_ROWS)));

    // One row has lost its zone, another its carrier: the latter may be any row of the carrier.
    Published outcome =
        (Published)
            Topics.publisher(skipping)
                .publish(Topics.csv(directory, "usps,0,0,7,", "usps,0,1,,", ",0,2,3,"));

    assertThat(outcome.partial()).isTrue();
    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(3, 0, 1, 0, 0, 0, 2));
    assertThat(outcome.report().diff().carriers())
        .containsExactly(new CarrierChange("usps", List.of(), 3, 1, 0, true, 0));
    assertThat(Topics.rows(topic))
        .isEqualTo(Map.of("usps:0:0", "7", "usps:0:1", "1", "usps:0:2", "2"));
  }

  @Test
  void badRowWithAKeyKeepsThatRowAloneAndOthersMayGo() throws Exception {
    Topics.publish(directory, topic, rows(3));
    PublishSettings skipping =
        Topics.settings(topic, new Guards(100, Set.of(Refusal.Guard.BAD_ROWS)));

    Topics.publisher(skipping).publish(Topics.csv(directory, "usps,0,0,0,", "usps,0,1,bad zone,"));

    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:0:0", "0", "usps:0:1", "1"));
  }

  @Test
  void tooManyRemovalsPublishNothingUnlessAllowed() throws Exception {
    Topics.publish(directory, topic, rows(100));
    String[] fewer = Arrays.copyOf(rows(100), 94);

    PublishOutcome refused = Topics.publish(directory, topic, fewer);
    PublishOutcome published =
        Topics.publisher(Topics.settings(topic, new Guards(6, Set.of())))
            .publish(Topics.csv(directory, fewer));

    assertThat(refused)
        .isInstanceOfSatisfying(
            Refused.class,
            it -> assertThat(it.refusals()).singleElement().asString().contains("6 of the 100"));
    assertThat(published.report().counts().removed()).isEqualTo(6);
    assertThat(Topics.rows(topic)).hasSize(94);
  }

  @Test
  void contradictingRowsPublishNothingUnlessTheLastMayWin() throws Exception {
    String[] rows = {"usps,005,010,2,", "usps,005,010,2,", "usps,005,010,3,"};

    PublishOutcome refused = Topics.publish(directory, topic, rows);
    PublishOutcome published =
        Topics.publisher(
                Topics.settings(topic, new Guards(5, Set.of(Refusal.Guard.CONTRADICTIONS))))
            .publish(Topics.csv(directory, rows));

    assertThat(refused).isInstanceOf(Refused.class);
    assertThat(refused.report().diff().contradictionSamples())
        .extracting(Object::toString)
        .containsExactly("line 4, column zone: \"3\" is not \"2\", as line 2 says of usps:005:010");
    assertThat(published.report().counts()).isEqualTo(new DiffCounts(3, 1, 0, 0, 0, 2, 0));
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("usps:005:010", "3"));
    assertThat(Topics.plain(topic).committed()).hasSize(1);
  }

  @Test
  void emptyFilePublishesNothingUnlessAllowedAndCoversOnlyADeclaredCarrier() throws Exception {
    Topics.publish(directory, topic, "usps,005,010,2,", "ups,1,2,4,");
    Guards open = new Guards(100, Set.of(Refusal.Guard.EMPTY_FILE));
    ZonePublisher permissive = Topics.publisher(Topics.settings(topic, open));
    FileOptions usps = new FileOptions(Optional.empty(), Optional.of("usps"), false);

    assertThat(Topics.publish(directory, topic))
        .isInstanceOfSatisfying(
            Refused.class,
            it ->
                assertThat(it.refusals())
                    .extracting(Refusal::guard)
                    .containsExactly(Guard.EMPTY_FILE));
    assertThat(permissive.publish(Topics.csv(directory)).report().counts().removed()).isZero();
    assertThat(
            permissive
                .publish(Topics.file(directory, usps, "origin,destination,zone"))
                .report()
                .counts()
                .removed())
        .isOne();
    assertThat(Topics.rows(topic)).isEqualTo(Map.of("ups:1:2", "4"));
  }

  @Test
  void changesAloneRemoveNothingElse() throws Exception {
    Topics.publish(directory, topic, rows(10));
    FileOptions delta = new FileOptions(Optional.empty(), Optional.empty(), true);

    PublishOutcome outcome =
        Topics.publisher(PublishSettings.of(topic))
            .publish(
                Topics.file(
                    directory,
                    delta,
                    "op,carrier,origin,destination,zone",
                    "upsert,usps,0,0,9",
                    "upsert,usps,0,1,1",
                    "delete,usps,0,2,",
                    "delete,usps,no,row,"));

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(4, 0, 1, 1, 2, 0, 0));
    assertThat(Topics.rows(topic)).hasSize(9).containsEntry("usps:0:0", "9");
  }

  @Test
  void planShowsTheDifferenceAndDoesNothing() throws Exception {
    Topics.publish(directory, topic, rows(3));
    StringWriter listed = new StringWriter();

    Plan plan;
    try (ChangesCsv csv = new ChangesCsv(listed)) {
      plan =
          Topics.publisher(PublishSettings.of(topic))
              .plan(Topics.csv(directory, "usps,0,0,9,*", "usps,0,1,1,", "usps,new,one,5,"), csv);
    }

    assertThat(plan.report().counts()).isEqualTo(new DiffCounts(3, 1, 1, 1, 1, 0, 0));
    assertThat(plan.refusals()).extracting(Refusal::guard).containsExactly(Guard.TOO_MANY_REMOVALS);
    assertThat(plan.firstChanges())
        .extracting(Change::toString)
        .containsExactly("usps:0:0 0 → 9 *", "usps:new:one - → 5", "usps:0:2 2 → -");
    assertThat(listed.toString().lines())
        .containsExactly(
            "change,carrier,origin,destination,zone_before,flags_before,zone_after,flags_after",
            "changed,usps,0,0,0,,9,*",
            "added,usps,new,one,,,5,",
            "removed,usps,0,2,2,,,");
    assertThat(Topics.plain(topic).committed()).hasSize(3);
  }

  @Test
  void planBeforeTheFirstPublishMakesNoTopic() throws Exception {
    Plan plan =
        Topics.publisher(PublishSettings.of(topic))
            .plan(Topics.csv(directory, rows(30)), ChangeListing.NONE);

    assertThat(plan.report().counts().added()).isEqualTo(30);
    assertThat(plan.firstChanges()).hasSize(Plan.SAMPLE);
    try (Admin admin = Topics.admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain(topic);
    }
  }

  @Test
  void valueThatNobodyCanReadIsWrittenAnewAndForeignKeysAreLeftAlone() throws Exception {
    Topics.publish(directory, topic, "usps,005,010,2,");
    PlainTopic foreign = Topics.plain(topic);
    foreign.send(bytes("usps:005:010"), bytes("rubbish"));
    foreign.send(bytes("not a key"), bytes("rubbish"));
    assertThatThrownBy(() -> foreign.send(null, bytes("rubbish")))
        .as("a compacted topic takes no record without a key")
        .hasMessageContaining("key");

    PublishOutcome outcome = Topics.publish(directory, topic, "usps,005,010,2,");

    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(1, 0, 1, 0, 0, 0, 0));
  }

  @Test
  void rowOnAnotherPartitionThanItsKeysIsNoneAndIsWrittenToItsOwn() throws Exception {
    Topics.publish(directory, topic, "usps,1,1,1,");
    int home = Utils.toPositive(Utils.murmur2(bytes("usps:005:010"))) % 6;
    Topics.plain(topic)
        .send(
            new ProducerRecord<>(topic, (home + 1) % 6, bytes("usps:005:010"), bytes("any")),
            Map.of());

    Plan plan =
        Topics.publisher(PublishSettings.of(topic))
            .plan(Topics.csv(directory, "usps,1,1,1,", "usps,005,010,2,"), ChangeListing.NONE);
    PublishOutcome outcome = Topics.publish(directory, topic, "usps,1,1,1,", "usps,005,010,2,");

    assertThat(plan.report().diff().misplaced()).isOne();
    assertThat(plan.report().counts()).isEqualTo(new DiffCounts(2, 1, 0, 0, 1, 0, 0));
    assertThat(outcome.report().diff().misplaced()).isOne();
    assertThat(outcome.report().counts()).isEqualTo(new DiffCounts(2, 1, 0, 0, 1, 0, 0));
  }

  @Test
  void fileCutOffPublishesNothing() throws Exception {
    Path path = directory.resolve("zones.csv.gz");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes("carrier,origin,destination,zone\n"));
      for (String row : rows(20_000)) {
        gzip.write(bytes(row.substring(0, row.length() - 1) + "\n"));
      }
    }
    Files.write(path, Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
    Edition cut = Edition.open(path, FileOptions.NONE);

    assertThatThrownBy(() -> Topics.publisher(PublishSettings.of(topic)).publish(cut))
        .isInstanceOf(ZoneFileException.class)
        .hasMessageContaining("cut off");
    assertThat(Topics.plain(topic).committed()).isEmpty();
  }

  @Test
  void partitionsThatDoNotFitAreRefused() throws Exception {
    Topics.publish(directory, topic, rows(1));
    PublishSettings other =
        new PublishSettings(
            topic, 3, PublishSettings.DEFAULT_TRANSACTION_TIMEOUT, Guards.STRICT, Optional.empty());

    assertThatThrownBy(() -> Topics.publisher(other).publish(Topics.csv(directory, rows(1))))
        .isInstanceOf(TopicUnfitException.class)
        .hasMessageContaining("6 partitions");
  }

  @Test
  void keysLieWhereKafkasOwnPartitionerPutsThemWhateverTheUserSets() throws Exception {
    ClientSettings settings =
        ClientSettings.of(
            Map.of(
                "bootstrap.servers",
                Topics.clients().producer().get("bootstrap.servers"),
                "partitioner.ignore.keys",
                true));
    new ZonePublisher(settings, RowSerdes.bundled(), PublishSettings.of(topic), StepProgress.NONE)
        .publish(Topics.csv(directory, rows(200)));

    List<Integer> expected = new ArrayList<>();
    List<Integer> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : Topics.plain(topic).committed()) {
      expected.add(Utils.toPositive(Utils.murmur2(record.key())) % 6);
      found.add(record.partition());
    }
    assertThat(found).hasSize(200).isEqualTo(expected);
  }

  @Test
  void theRealMatrixAddsAllItsRowsOnce() throws Exception {
    String path = System.getenv("ZONECAST_USPS_MATRIX");
    Assumptions.assumeTrue(
        path != null, "ZONECAST_USPS_MATRIX does not name the USPS matrix of 2024-04-01");
    Edition matrix = Edition.open(Path.of(path), FileOptions.NONE);
    ZonePublisher publisher = Topics.publisher(PublishSettings.of(topic));

    PublishOutcome first = publisher.publish(matrix);
    PublishOutcome second = publisher.publish(matrix);

    assertThat(first.report().counts()).isEqualTo(new DiffCounts(866_761, 866_761, 0, 0, 0, 0, 0));
    assertThat(second.report().counts()).isEqualTo(new DiffCounts(866_761, 0, 0, 0, 866_761, 0, 0));
  }

  private static String[] rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "usps,0," + i + "," + i % 10 + ",")
        .toArray(String[]::new);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
