package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.StepProgress;
import io.zonecast.ingest.source.Edition;
import io.zonecast.ingest.source.FileOptions;
import io.zonecast.schemas.topic.Patience;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a publish but for the brokers, held against a model that applies the rows one by
 * one: whatever the topic, the file and the chunks' size.
 */
class TopicEqualsFileTest {
  private record Row(String op, String key, String zone, String flags) {
    String csv(boolean delta) {
      return (delta ? op + "," : "") + key.replace(':', ',') + "," + zone + "," + flags + "\n";
    }

    boolean bad() {
      return zone.equals("bad zone");
    }

    String value() {
      return flags.isEmpty() ? zone : zone + " " + flags;
    }
  }

  private record Run(ZoneDiff diff, List<Change> changes, Map<String, String> rowsAfter) {}

  @Property(tries = 300)
  void topicHoldsTheFileAfterwards(
      @ForAll("rows") List<Row> history,
      @ForAll("rows") List<Row> misplaced,
      @ForAll("rows") List<Row> file,
      @ForAll @IntRange(min = 1, max = 17) int chunkRows)
      throws Exception {
    TopicModel topic = topic(history);
    misplaced.forEach(row -> topic.misplace(row.key, inTopic(row)));
    Map<String, String> before = topic.rows();

    Run run = publish(topic, file, false, chunkRows);

    Map<String, String> expected = new TreeMap<>(before);
    Set<String> carriers = new HashSet<>();
    Set<String> named = new HashSet<>();
    for (Row row : file) {
      named.add(row.key);
      if (!row.bad()) {
        carriers.add(carrier(row.key));
      }
    }
    expected.keySet().removeIf(key -> carriers.contains(carrier(key)) && !named.contains(key));
    file.stream().filter(row -> !row.bad()).forEach(row -> expected.put(row.key, row.value()));
    assertThat(run.rowsAfter()).isEqualTo(expected);
    DiffCounts counts = run.diff().counts();
    assertThat(counts.rows()).isEqualTo(file.size());
    assertThat(
            counts.added()
                + counts.changed()
                + counts.unchanged()
                + counts.repeated()
                + counts.rejected())
        .isEqualTo(counts.rows());
    assertThat(counts.rejected()).isEqualTo(file.stream().filter(Row::bad).count());
    assertThat(run.changes()).hasSize((int) counts.records());
    assertThat(run.diff().misplaced()).isEqualTo(misplaced.size());
  }

  @Example
  void aRowOnAnotherPartitionThanItsKeysIsWrittenToItsOwnAndRemovedOnce() throws Exception {
    TopicModel topic = new TopicModel().misplace("usps:1:1", "1").misplace("usps:1:2", "2");
    List<Row> file = List.of(new Row("upsert", "usps:1:1", "1", ""));

    Run first = publish(topic, file, false, 5);
    topic.put("usps:1:2", "2");
    Run second = publish(topic, file, false, 5);
    Run third = publish(topic, file, false, 5);

    assertThat(first.diff().counts()).isEqualTo(new DiffCounts(1, 1, 0, 0, 0, 0, 0));
    assertThat(second.diff().counts()).isEqualTo(new DiffCounts(1, 0, 0, 1, 1, 0, 0));
    assertThat(third.diff().counts()).isEqualTo(new DiffCounts(1, 0, 0, 0, 1, 0, 0));
    assertThat(third.diff().misplaced()).isEqualTo(2);
    assertThat(topic.rows()).isEqualTo(Map.of("usps:1:1", "1"));
  }

  @Property(tries = 200)
  void publishedTwiceTheFileChangesNothing(
      @ForAll("rows") List<Row> history,
      @ForAll("rows") List<Row> file,
      @ForAll boolean delta,
      @ForAll @IntRange(min = 1, max = 17) int chunkRows)
      throws Exception {
    TopicModel topic = topic(history);
    publish(topic, file, delta, chunkRows);

    Run again = publish(topic, file, delta, chunkRows);

    assertThat(again.diff().counts().records()).isZero();
    assertThat(again.changes()).isEmpty();
  }

  @Example
  void ofRowsThatContradictEachOtherTheLastCounts() throws Exception {
    TopicModel topic = new TopicModel().put("usps:1:1", "1").put("usps:1:2", "2");
    List<Row> file =
        List.of(
            new Row("upsert", "usps:1:1", "2", ""),
            new Row("upsert", "usps:1:2", "A", ""),
            new Row("upsert", "usps:1:1", "1", ""),
            new Row("upsert", "usps:1:2", "1", ""));

    Run run = publish(topic, file, false, 5);

    assertThat(run.diff().counts()).isEqualTo(new DiffCounts(4, 0, 1, 0, 1, 2, 0));
    assertThat(run.diff().contradictions()).isEqualTo(2);
    assertThat(run.changes()).extracting(Change::toString).containsExactly("usps:1:2 2 → 1");
  }

  @Property(tries = 200)
  void changesAreAppliedInOrderAndNothingElse(
      @ForAll("rows") List<Row> history,
      @ForAll("rows") List<Row> file,
      @ForAll @IntRange(min = 1, max = 17) int chunkRows)
      throws Exception {
    TopicModel topic = topic(history);
    Map<String, String> expected = topic.rows();
    for (Row row : file) {
      if (row.op.equals("delete")) {
        expected.remove(row.key);
      } else if (!row.bad()) {
        expected.put(row.key, row.value());
      }
    }

    Run run = publish(topic, file, true, chunkRows);

    assertThat(run.rowsAfter()).isEqualTo(expected);
    DiffCounts counts = run.diff().counts();
    assertThat(
            counts.added()
                + counts.changed()
                + counts.removed()
                + counts.unchanged()
                + counts.repeated()
                + counts.rejected())
        .isEqualTo(counts.rows());
  }

  @Property(tries = 100)
  void changesSayWhatTheyReplace(@ForAll("rows") List<Row> history, @ForAll("rows") List<Row> file)
      throws Exception {
    TopicModel topic = topic(history);
    Map<String, String> state = topic.rows();

    Run run = publish(topic, file, false, 5);

    assertThat(run.changes()).extracting(Change::key).doesNotHaveDuplicates();
    for (Change change : run.changes()) {
      assertThat(change.before().map(Change.Value::toString))
          .isEqualTo(Optional.ofNullable(state.get(change.key())));
      change
          .after()
          .ifPresentOrElse(
              after -> state.put(change.key(), after.toString()), () -> state.remove(change.key()));
    }
    assertThat(state).isEqualTo(run.rowsAfter());
  }

  private static TopicModel topic(List<Row> history) {
    TopicModel topic = new TopicModel();
    for (Row row : history) {
      topic.put(row.key, inTopic(row));
    }
    return topic;
  }

  private static @Nullable String inTopic(Row row) {
    return row.op.equals("delete") || row.bad() ? null : row.value();
  }

  private static Run publish(TopicModel topic, List<Row> rows, boolean delta, int chunkRows)
      throws Exception {
    StringBuilder csv = new StringBuilder(delta ? "op," : "");
    csv.append("carrier,origin,destination,zone,flags\n");
    rows.forEach(row -> csv.append(row.csv(delta)));
    Path path = Files.createTempFile("zonecast-publish", ".csv");
    try {
      Files.writeString(path, csv, StandardCharsets.UTF_8);
      Edition file = Edition.open(path, new FileOptions(Optional.empty(), Optional.empty(), delta));
      return publish(topic, file, chunkRows);
    } finally {
      Files.delete(path);
    }
  }

  private static Run publish(TopicModel topic, Edition file, int chunkRows) throws Exception {
    BundledSchemas schemas = BundledSchemas.load();
    PublishSettings settings = PublishSettings.of("zones");
    List<Change> changes = new ArrayList<>();
    try (MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        PublishTransaction transaction =
            new PublishTransaction(producer, settings, System::nanoTime);
        Comparison comparison =
            new Comparison(
                file,
                chunkRows,
                3 * chunkRows,
                () -> new ZoneRowDecoder(schemas),
                true,
                RowRules.NONE,
                StepProgress.NONE)) {
      ChangeSample sample = new ChangeSample(changes::add, comparison.values());
      comparison.start();
      comparison.readTopic(List.of(reader(topic)), TopicModel.PARTITIONS);
      ZoneDiff diff = comparison.readFile();
      KeyTable removed = comparison.findRemoved(List.of(reader(topic)), TopicModel.PARTITIONS);
      transaction.take();
      transaction.open();
      RecordWriter writer =
          new RecordWriter(
              transaction,
              new RecordWriter.Labels("zones", List.of(List.of())),
              new ZoneRowEncoder(schemas.latestId()),
              comparison.values(),
              Optional.empty(),
              StepProgress.NONE,
              diff.counts().records());
      comparison
          .changedRows()
          .forEach(
              diff.checksums(),
              (chunk, row, n) -> {
                writer.row(chunk, row, comparison.before(n));
                sample.row(chunk, row, comparison.before(n));
              });
      for (int i = 0; i < removed.size(); i++) {
        writer.tombstone(removed.key(i), removed.get(i, KeyTable.FIRST));
        sample.removed(removed.key(i), removed.get(i, KeyTable.FIRST));
      }
      transaction.commit();
      topic.append(producer.history());
      assertThat(sample.bytes()).isEqualTo(writer.bytes());
      return new Run(diff, changes, topic.rows());
    }
  }

  private static TopicReader reader(TopicModel topic) {
    return new TopicReader(
        topic.consumer(),
        topic.watermark(),
        Patience.ofAMinute(System::nanoTime, (behind, again) -> false),
        StepProgress.NONE);
  }

  private static String carrier(String key) {
    return key.substring(0, key.indexOf(':'));
  }

  /** Few keys and few zones, so that rows meet. */
  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<String> keys =
        Combinators.combine(
                Arbitraries.of("usps", "ups"),
                Arbitraries.of("1", "2", "3"),
                Arbitraries.of("1", "2"))
            .as((carrier, origin, destination) -> carrier + ":" + origin + ":" + destination);
    return Combinators.combine(
            Arbitraries.of("upsert", "upsert", "upsert", "delete"),
            keys,
            Arbitraries.of("1", "2", "A", "bad zone"),
            Arbitraries.of("", "", "*", "e"))
        .as(Row::new)
        .list()
        .ofMaxSize(25);
  }
}
