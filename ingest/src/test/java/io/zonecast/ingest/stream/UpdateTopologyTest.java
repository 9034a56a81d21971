package io.zonecast.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UpdateTopologyTest {
  private static final String KEY = "usps:005:010";

  /** The table's end, as the brokers would say. */
  private long end;

  private final TableProgress progress =
      TopologyBench.progress(
          partitions -> CompletableFuture.completedFuture(Map.of(TopologyBench.PARTITION, end)));
  private TopologyBench bench = new TopologyBench(progress, false);
  private long updates;

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void anUpdateBecomesARecordOfTheTableThatNamesIt() {
    bench.update(KEY.getBytes(UTF_8), Updates.encode(Updates.of("u-7", KEY, "4", Updates.NOON)));

    TopologyBench.Written written = bench.written().get(0);
    assertThat(written.key()).isEqualTo(KEY);
    assertThat(written.zone()).isEqualTo("4");
    assertThat(UpdateHeader.of(written.headers()))
        .contains(
            new UpdateHeader("u-7", Updates.NOON.toEpochMilli(), 0, TopologyBench.UPDATES_ID));
    assertThat(written.headers()).hasSize(1);
    assertThat(bench.counts.snapshot()).isEqualTo(new StreamCounts.Snapshot(1, 1, 0, 0, 0, 0));
  }

  @Test
  void aDeleteBecomesATombstone() {
    isInTheTable(KEY, "4");

    send(Updates.of(KEY, null));

    assertThat(bench.written()).singleElement().extracting(TopologyBench.Written::zone).isNull();
  }

  @Test
  void whatChangesNothingIsDropped() {
    isInTheTable(KEY, "4");

    send(Updates.of(KEY, "4"));
    send(Updates.of("usps:005:999", null));

    assertThat(bench.written()).isEmpty();
    assertThat(bench.counts.snapshot().unchanged()).isEqualTo(2);
  }

  @Test
  void otherFlagsAreAChangeAndAnotherDateAloneIsNone() {
    isInTheTable(KEY, "4");
    ZoneUpdate dated = Updates.of(KEY, "4");
    dated.setEffectiveDate(java.time.LocalDate.of(2026, 1, 31));
    ZoneUpdate flagged = Updates.of(KEY, "4");
    flagged.setFlags("*");

    send(dated);
    send(flagged);

    assertThat(bench.counts.snapshot()).isEqualTo(new StreamCounts.Snapshot(2, 1, 1, 0, 0, 0));
  }

  @Test
  void whatTheTableHasUnderAnotherRowsKeyIsEqualToNothing() {
    row(KEY.getBytes(UTF_8), Objects.requireNonNull(TopologyBench.value("usps:010:005", "4")));

    send(Updates.of(KEY, "4"));

    assertThat(bench.written()).hasSize(1);
  }

  @Test
  void aRecordOnAnotherPartitionThanItsKeysIsNoRowOfTheCopyAndIsCounted() {
    try (TopologyBench ofSix = new TopologyBench(progress, false, 6)) {
      String here = keyOfPartition(TopologyBench.PARTITION);
      String elsewhere = keyOfPartition(TopologyBench.PARTITION + 1);

      ofSix.row(here.getBytes(UTF_8), TopologyBench.value(here, "4"), new RecordHeaders());
      ofSix.row(
          elsewhere.getBytes(UTF_8), TopologyBench.value(elsewhere, "4"), new RecordHeaders());

      assertThat(ofSix.isInTheCopy(here)).isTrue();
      assertThat(ofSix.isInTheCopy(elsewhere)).isFalse();
      assertThat(ofSix.counts.snapshot().misplaced()).isOne();
    }
  }

  private static String keyOfPartition(int partition) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "usps:005:" + i)
        .filter(key -> KeyPartition.of(key.getBytes(UTF_8), 6) == partition)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thereAndBackAgainInQuickSuccessionEndsWhereItBegan() {
    isInTheTable(KEY, "A");

    send(Updates.of(KEY, "B"));
    send(Updates.of(KEY, "A"));

    assertThat(bench.written()).extracting(TopologyBench.Written::zone).containsExactly("B", "A");
  }

  @Test
  void whatEqualsATableThatIsBehindIsWritten() {
    isInTheTable(KEY, "A");
    end++;

    send(Updates.of(KEY, "A"));

    assertThat(bench.written()).hasSize(1);
  }

  @Test
  void whatEqualsATableThatIsBehindNobodyButOurselvesIsDropped() {
    isInTheTable(KEY, "A");
    send(Updates.of("usps:005:011", "B"));
    progress.of(TopologyBench.PARTITION).acknowledged(end);
    end++;

    send(Updates.of(KEY, "A"));

    assertThat(bench.counts.snapshot().unchanged()).isOne();
  }

  @Test
  void whereNobodyAnswersItIsWritten() {
    TableProgress unanswered =
        new TableProgress(partitions -> new CompletableFuture<>(), Duration.ofMillis(1));
    try (TopologyBench other = new TopologyBench(unanswered, false)) {
      unanswered.of(TopologyBench.PARTITION).polledUpdates(0);
      unanswered.of(TopologyBench.PARTITION).polledTo(OptionalLong.of(0));

      other.update(KEY.getBytes(UTF_8), Updates.encode(Updates.of(KEY, null)));

      assertThat(other.counts.snapshot().written()).isOne();
    }
  }

  @Test
  void aValueOfTheTableThatCannotBeReadIsEqualToNothing() {
    row(KEY.getBytes(UTF_8), new byte[] {1, 2, 3});

    send(Updates.of(KEY, "4"));

    assertThat(bench.counts.snapshot().written()).isOne();
  }

  static Stream<Arguments> badUpdates() {
    return Stream.of(
        bad("a zone with a space", update -> update.setZone("4 5"), "zone \"4 5\" is not 1 to 32"),
        bad(
            "a word for nothing",
            update -> update.setZone("NaN"),
            "zone \"NaN\" stands for nothing and is not a zone; if it is right, publish it in a"
                + " file, with --allow-word NaN"),
        bad(
            "a code that became a date",
            update -> update.setDestination("2-Jan"),
            "prefix \"2-Jan\" is a date; if it is right,"),
        bad("no zone", update -> update.setZone(null), "it has no zone, and is no delete"),
        bad("empty flags", update -> update.setFlags(""), "flags \"\" is not"),
        bad("a carrier in upper case", update -> update.setCarrier("USPS"), "carrier \"USPS\""),
        bad("a bad origin", update -> update.setOrigin("0:5"), "origin \"0:5\" is not"),
        bad("an unknown op", update -> update.setOp("insert"), "op \"insert\" is neither upsert"),
        bad("an id with a space", update -> update.setId("a b"), "id \"a b\" is not 1 to 64"),
        bad("an id too long", update -> update.setId("x".repeat(65)), "is not 1 to 64 printable"),
        bad(
            "a delete of a bad key",
            update -> {
              update.setOp("delete");
              update.setDestination("");
            },
            "destination \"\" is not"),
        bad(
            "another row's key",
            update -> update.setDestination("011"),
            "its key \"usps:005:010\" is not its row's; send it under \"usps:005:011\""));
  }

  private static Arguments bad(String what, Consumer<ZoneUpdate> change, String reason) {
    return Arguments.of(what, change, reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badUpdates")
  void aBadUpdateIsRejectedWithItsReason(String what, Consumer<ZoneUpdate> change, String reason) {
    ZoneUpdate update = Updates.of(KEY, "4");
    change.accept(update);
    byte[] value = Updates.encode(update);

    bench.update(KEY.getBytes(UTF_8), value);

    TestRecord<byte[], byte[]> rejected = onlyRejected();
    assertThat(rejected.getKey()).isEqualTo(KEY.getBytes(UTF_8));
    assertThat(rejected.getValue()).isEqualTo(value);
    assertThat(words(rejected.getHeaders()))
        .containsEntry("__connect.errors.topic", "zone-updates")
        .containsEntry("__connect.errors.partition", "0")
        .containsEntry("__connect.errors.offset", "0")
        .containsEntry("__connect.errors.connector.name", "zones-stream");
    assertThat(reason(rejected)).contains(reason);
    assertThat(bench.written()).isEmpty();
    assertThat(bench.counts.snapshot()).isEqualTo(new StreamCounts.Snapshot(1, 0, 0, 1, 0, 0));
  }

  static Stream<Arguments> poison() {
    byte[] good = Updates.encode(Updates.of(KEY, "4"));
    byte[] unknownId = good.clone();
    WireFormat.writeHeader(77, unknownId, 0);
    return Stream.of(
        Arguments.of("no bytes", new byte[0], "is too short"),
        Arguments.of("text", "hello".getBytes(UTF_8), "begins with 68"),
        Arguments.of("cut off", Arrays.copyOf(good, good.length - 1), "it is no update"),
        Arguments.of(
            "a row of the table", TopologyBench.value(KEY, "4"), "ZoneRow, not of an update"),
        Arguments.of("an unknown schema id", unknownId, "schema id 77 is no bundled one"),
        Arguments.of("null", null, "it has no value; to delete a row"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("poison")
  void poisonIsPutAsideAndTheNextUpdateIsApplied(String what, byte[] value, String reason) {
    bench.update(KEY.getBytes(UTF_8), value);
    bench.update(KEY.getBytes(UTF_8), Updates.encode(Updates.of(KEY, "4")));

    TestRecord<byte[], byte[]> rejected = onlyRejected();
    assertThat(rejected.getValue()).isEqualTo(value);
    assertThat(reason(rejected)).contains(reason);
    assertThat(bench.written()).hasSize(1);
  }

  @Test
  void anUpdateWithoutAKeyIsRejectedWithWhatItsKeyWouldBe() {
    bench.update(null, Updates.encode(Updates.of(KEY, "4")));

    assertThat(reason(onlyRejected())).contains("it has no key").contains("carrier:origin");
  }

  @Test
  void aKeyOnAnotherPartitionThanJavasPartitionerGivesItIsRejectedWithTheRemedy() {
    byte[] key = KEY.getBytes(UTF_8);
    int home = KeyPartition.of(key, 6);
    UpdateRules rules =
        new UpdateRules(
            6,
            TopologyBench.UPDATES_ID,
            io.zonecast.schemas.serde.UpdateSerdes.decoder(Map.of(), "zone-updates"));
    byte[] value = Updates.encode(Updates.of(KEY, "4"));

    UpdateVerdict there = rules.judge(key, value, home, 0);
    UpdateVerdict elsewhere = rules.judge(key, value, (home + 1) % 6, 0);

    assertThat(there).isInstanceOf(CheckedUpdate.class);
    assertThat(elsewhere).isInstanceOf(RejectedUpdate.class);
    assertThat(((RejectedUpdate) elsewhere).reason())
        .contains("belongs on partition " + home)
        .contains("partitioner=murmur2_random");
  }

  @Test
  void whatWasAskedForEarlierIsAppliedInOrderOfArrivalUnlessStaleOnesAreRejected() {
    ZoneUpdate late = Updates.of("late", KEY, "B", Updates.NOON.minusSeconds(60));

    send(Updates.of("first", KEY, "A", Updates.NOON));
    send(late);
    List<TopologyBench.Written> inOrder = bench.written();
    bench.close();
    bench = new TopologyBench(progress, true);
    send(Updates.of("first", KEY, "A", Updates.NOON));
    send(late);
    send(Updates.of("same-time", KEY, "C", Updates.NOON));

    assertThat(inOrder).extracting(TopologyBench.Written::zone).containsExactly("A", "B");
    assertThat(bench.written()).extracting(TopologyBench.Written::zone).containsExactly("A", "C");
    assertThat(reason(onlyRejected()))
        .contains("asked for at 2026-11-22T11:59:00Z, and one of 2026-11-22T12:00:00Z");
  }

  private void send(ZoneUpdate update) {
    PartitionProgress partition = progress.of(TopologyBench.PARTITION);
    partition.polledTo(OptionalLong.of(tablePosition()));
    partition.polledUpdates(updates++);
    bench.update(UpdateRules.key(update), Updates.encode(update));
  }

  /** The driver's rows are all that the table's consumer was given. */
  private long tablePosition() {
    return rows;
  }

  private long rows;

  private void isInTheTable(String key, String zone) {
    byte[] value = TopologyBench.value(key, zone);
    row(key.getBytes(UTF_8), value == null ? new byte[0] : value);
  }

  private void row(byte[] key, byte[] value) {
    bench.row(key, value, new RecordHeaders());
    rows++;
    end++;
  }

  private TestRecord<byte[], byte[]> onlyRejected() {
    List<TestRecord<byte[], byte[]>> rejected = bench.rejected();
    assertThat(rejected).hasSize(1);
    return rejected.get(0);
  }

  private static String reason(TestRecord<byte[], byte[]> rejected) {
    return words(rejected.getHeaders()).getOrDefault("__connect.errors.exception.message", "");
  }

  private static Map<String, String> words(Headers headers) {
    return StreamSupport.stream(headers.spliterator(), false)
        .collect(Collectors.toMap(Header::key, header -> new String(header.value(), UTF_8)));
  }
}
