package io.zonecast.ingest.stream;

import static io.zonecast.ingest.stream.LastWriters.Found.NOTHING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.zonecast.schemas.ZoneTopic;
import java.io.File;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates that have waited, held against what the table's log says of their keys. */
class OvertakenUpdatesTest {
  private static final String KEY = "usps:005:010";
  private static final Duration TOMBSTONES_LIVE = Duration.ofDays(7);
  private static final Uuid EARLIER_TOPIC = new Uuid(3, 4);

  private final List<ConsumerRecord<byte[], byte[]>> tableLog = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> updatesLog = new ArrayList<>();

  /** Where the first transaction begins that is still open; none at the end. */
  private @Nullable Integer lastStableOffset;

  private TimestampType timesAreOf = TimestampType.LOG_APPEND_TIME;
  private boolean groupHasOffset = true;
  private long youngFrom = Long.MAX_VALUE;
  private final AtomicLong nanos = new AtomicLong();
  private Duration pollTakes = Duration.ZERO;
  private boolean brokersSendNothing;
  private int readings;

  private final TableProgress progress =
      TopologyBench.progress(partitions -> new CompletableFuture<>());
  private @Nullable TopologyBench bench;

  @AfterEach
  void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void oneThatAStreamHasTakenBeforeIsDroppedAndCounted() {
    updated("12:00:00", KEY, "4");
    updated("12:00:01", "usps:005:011", "5");
    publishedBy("12:00:00", KEY, "4", header(0));
    published("12:00:30", KEY, "8");
    publishedBy("12:00:31", "usps:005:011", "5", header(1));

    run();

    assertThat(written()).isEmpty();
    assertThat(bench().counts.snapshot()).isEqualTo(new StreamCounts.Snapshot(2, 0, 0, 0, 2, 0));
  }

  /** As when compaction has taken the record that the update became. */
  @ParameterizedTest
  @ValueSource(strings = {"8", ""})
  void onePublishedOverSinceIsRejectedNamingBothTimes(String published) {
    updated("12:00:00", KEY, "4");
    published("12:01:01", KEY, published.isEmpty() ? null : published);

    run();

    assertThat(written()).isEmpty();
    assertThat(reasons())
        .containsExactly(
            "it came at 2026-11-22T12:00:00Z, and a publish wrote its key at 2026-11-22T12:01:01Z;"
                + " send it again if it is still meant");
  }

  @Test
  void onePublishedOverBeforeOrHardlyLaterIsApplied() {
    published("11:00:00", KEY, "1");
    published("12:01:00", "usps:005:011", "2");
    updated("12:00:00", KEY, "4");
    updated("12:00:00", "usps:005:011", "5");
    updated("12:00:00", "usps:005:012", "6");

    run();

    assertThat(written()).containsExactly("4", "5", "6");
  }

  @Test
  void withoutAnOffsetAnyLaterPublishOvertakes() {
    groupHasOffset = false;
    published("12:00:00", "usps:005:011", "1");
    updated("12:00:01", KEY, "4");
    updated("12:00:01", "usps:005:011", "5");
    published("12:00:02", KEY, "8");

    run();

    assertThat(written()).containsExactly("5");
    assertThat(reasons()).hasSize(1);
  }

  @Test
  void severalOfOneKeyAreAppliedInTheirOrder() {
    published("12:00:00", KEY, "1");
    updated("12:05:00", KEY, "4");
    updated("12:06:00", KEY, null);
    updated("12:07:00", KEY, "6");
    run(0, 1);
    publishedBy("12:30:00", KEY, "4", header(0));

    run(1, 3);

    assertThat(written()).containsExactly("4", null, "6");
  }

  @Test
  void youngOnesAreNotLookedUp() {
    youngFrom = 1;
    updated("12:00:00", KEY, "4");
    updated("12:00:01", KEY, "5");
    published("12:30:00", KEY, "8");

    run();

    assertThat(written()).containsExactly("5");
    assertThat(reasons()).hasSize(1);
  }

  @Test
  void ofATopicThatWasRecreatedOneIsNotTakenForThatOfTheEarlier() {
    publishedBy("11:00:00", KEY, "4", header("an-id 1764000000000 900 " + EARLIER_TOPIC));
    publishedBy("11:30:00", "usps:005:011", "4", header("an-id 1764000000000 901"));
    updated("12:00:00", KEY, "5");
    updated("12:00:00", "usps:005:011", "5");
    updated("12:00:00", "usps:005:012", "5");
    publishedBy("13:00:00", "usps:005:012", "4", header("x 1764000000000 902 " + EARLIER_TOPIC));

    run();

    assertThat(written()).containsExactly("5", "5");
    assertThat(reasons()).singleElement().asString().contains("12:00:00Z").contains("13:00:00Z");
  }

  /** A sender's clock is five minutes ahead, or behind: no publish is lost either way. */
  @ParameterizedTest
  @ValueSource(strings = {"12:05:00", "11:55:00"})
  void whereSendersTellTheTimeAPublishAboutThenOvertakes(String claimed) {
    timesAreOf = TimestampType.CREATE_TIME;
    published("11:30:00", "usps:005:011", "1");
    updated(claimed, KEY, "4");
    updated(claimed, "usps:005:011", "5");
    published("12:01:00", KEY, "8");

    run();

    assertThat(written()).containsExactly("5");
    assertThat(reasons())
        .singleElement()
        .asString()
        .contains(claimed + "Z by its sender's clock, which may be wrong")
        .contains("12:01:00Z");
  }

  /** The time in the update is the sender's, and decides nothing. */
  @Test
  void whereBrokersTellTheTimeNoSendersClockMatters() {
    published("12:00:00", "usps:005:011", "1");
    updated("12:00:00", KEY, "4", "12:05:00");
    updated("12:02:00", "usps:005:011", "5", "11:57:00");
    published("12:02:00", KEY, "8");

    run();

    assertThat(written()).containsExactly("5");
    assertThat(reasons()).hasSize(1);
  }

  @Test
  void oneOlderThanTombstonesWhoseKeyHasNoRowIsRejected() {
    published(NOON.minus(Duration.ofDays(30)), "usps:005:011", "1", new RecordHeaders());
    updated(NOON.minus(TOMBSTONES_LIVE), KEY, "4", NOON);
    updated(NOON.minus(TOMBSTONES_LIVE), "usps:005:011", "5", NOON);

    run();

    assertThat(written()).containsExactly("5");
    assertThat(reasons()).singleElement().asString().contains("its key has no row");
  }

  /** Ours as well as a publisher's: what is not committed yet proves no update taken. */
  @Test
  void behindAnOpenTransactionOnlyAPublishCounts() {
    updated("12:00:00", KEY, "4");
    updated("12:00:00", "usps:005:011", "5");
    lastStableOffset = 0;
    publishedBy("12:00:00", "usps:005:011", "5", header(1));
    published("12:30:00", KEY, "8");

    run();

    assertThat(written()).containsExactly("5");
    assertThat(reasons()).hasSize(1);
  }

  @Test
  void brokersThatSendNothingAreNotWaitedForForEver() {
    updated("12:00:00", KEY, "4");
    brokersSendNothing = true;
    pollTakes = Duration.ofSeconds(1);

    assertThatThrownBy(
            () ->
                assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> writers().find(TopologyBench.PARTITION, 0, false, NOTHING)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("zone-updates-0: the brokers have sent nothing for 60 s")
        .hasMessageContaining("at offset 0 of 1");
  }

  @Test
  void aReadingThatTakesLongerThanAMinuteServesAllThatItWasFor() {
    updated("12:00:00", KEY, "4");
    updated("12:00:00", "usps:005:011", "5");
    published("12:00:00", "usps:005:012", "1");
    pollTakes = Duration.ofSeconds(61);

    run();

    assertThat(written()).containsExactly("4", "5");
    assertThat(readings).isOne();
  }

  /** As when a task begins again after a failure: what was found may have changed meanwhile. */
  @Test
  void aTaskThatBeginsAgainLooksAgain() {
    updated("12:00:00", KEY, "4");
    MockProcessorContext<byte[], UpdateVerdict> context =
        new MockProcessorContext<>(
            new Properties(), new TaskId(0, TopologyBench.PARTITION), new File("unused"));
    RejectOvertaken step =
        new RejectOvertaken(
            partitions -> new CompletableFuture<>(),
            writers(),
            progress,
            "next",
            new StreamCounts());
    Record<byte[], CheckedUpdate> update = new Record<>(KEY.getBytes(UTF_8), checked(), 0);
    step.init(context);
    step.process(update);
    published("12:30:00", KEY, "8");

    step.init(context);
    step.process(update);

    assertThat(context.forwarded())
        .extracting(forwarded -> forwarded.childName().orElseThrow())
        .containsExactly("next", UpdateTopology.REJECT);
  }

  private static CheckedUpdate checked() {
    return new CheckedUpdate(
        new UpdateHeader("u-0", 0, 0, TopologyBench.UPDATES_ID),
        Bytes.wrap(KEY.getBytes(UTF_8)),
        null,
        new byte[0]);
  }

  // --- the logs ---

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static Instant at(String time) {
    return Instant.parse("2026-11-22T" + time + "Z");
  }

  private void updated(String appended, String key, @Nullable String zone) {
    updated(appended, key, zone, appended);
  }

  private void updated(String appended, String key, @Nullable String zone, String requested) {
    updated(at(appended), key, zone, at(requested));
  }

  private void updated(Instant appended, String key, @Nullable String zone, Instant requested) {
    byte[] value = Updates.encode(Updates.of("u-" + updatesLog.size(), key, zone, requested));
    updatesLog.add(
        record(
            ZoneTopic.updatesOf(ZoneTopic.DEFAULT_NAME),
            updatesLog.size(),
            appended,
            timesAreOf,
            key,
            value,
            new RecordHeaders()));
  }

  private void published(String appended, String key, @Nullable String zone) {
    publishedBy(appended, key, zone, new RecordHeaders());
  }

  private void publishedBy(String appended, String key, @Nullable String zone, Headers headers) {
    published(at(appended), key, zone, headers);
  }

  private void published(Instant appended, String key, @Nullable String zone, Headers headers) {
    tableLog.add(
        record(
            ZoneTopic.DEFAULT_NAME,
            tableLog.size(),
            appended,
            TimestampType.LOG_APPEND_TIME,
            key,
            TopologyBench.value(key, zone),
            headers));
  }

  private static Headers header(long update) {
    return new RecordHeaders()
        .add(new UpdateHeader("an-id", 1, update, TopologyBench.UPDATES_ID).toHeader());
  }

  private static Headers header(String words) {
    return new RecordHeaders().add(UpdateHeader.NAME, words.getBytes(UTF_8));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic,
      long offset,
      Instant time,
      TimestampType type,
      String key,
      byte @Nullable [] value,
      Headers headers) {
    return new ConsumerRecord<>(
        topic,
        TopologyBench.PARTITION,
        offset,
        time.toEpochMilli(),
        type,
        0,
        0,
        key.getBytes(UTF_8),
        value,
        headers,
        Optional.empty());
  }

  // --- the stream ---

  private void run() {
    run(0, updatesLog.size());
  }

  private void run(int from, int to) {
    for (ConsumerRecord<byte[], byte[]> update : updatesLog.subList(from, to)) {
      bench().update(update.key(), update.value());
    }
  }

  private TopologyBench bench() {
    if (bench == null) {
      progress.of(TopologyBench.PARTITION).groupHasOffset(groupHasOffset);
      bench =
          new TopologyBench(
              progress,
              partitions ->
                  CompletableFuture.completedFuture(Map.of(TopologyBench.PARTITION, youngFrom)),
              writers(),
              false,
              1);
    }
    return bench;
  }

  private LastWriters writers() {
    return new LastWriters(
        LogConsumer::new,
        ZoneTopic.DEFAULT_NAME,
        TopologyBench.UPDATES_ID,
        TOMBSTONES_LIVE,
        Clock.fixed(NOON, ZoneOffset.UTC),
        nanos::get);
  }

  private List<@Nullable String> written() {
    List<@Nullable String> zones = new ArrayList<>();
    bench().written().forEach(row -> zones.add(row.zone()));
    return zones;
  }

  private List<String> reasons() {
    return bench().rejected().stream()
        .map(letter -> letter.getHeaders().lastHeader("__connect.errors.exception.message"))
        .map(header -> new String(Objects.requireNonNull(header).value(), UTF_8))
        .toList();
  }

  /** Reads the two logs. */
  private final class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final IsolationLevel isolation;

    LogConsumer(IsolationLevel isolation) {
      super("earliest");
      this.isolation = isolation;
    }

    private List<ConsumerRecord<byte[], byte[]>> log(TopicPartition partition) {
      boolean isTable = partition.topic().equals(ZoneTopic.DEFAULT_NAME);
      List<ConsumerRecord<byte[], byte[]>> log = isTable ? tableLog : updatesLog;
      return isTable && lastStableOffset != null && isolation == IsolationLevel.READ_COMMITTED
          ? log.subList(0, lastStableOffset)
          : log;
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
      super.assign(partitions);
      for (TopicPartition partition : partitions) {
        updateBeginningOffsets(Map.of(partition, 0L));
        updateEndOffsets(Map.of(partition, (long) log(partition).size()));
        if (!brokersSendNothing) {
          log(partition).forEach(this::addRecord);
        }
        if (!partition.topic().equals(ZoneTopic.DEFAULT_NAME)) {
          readings++;
        }
      }
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      nanos.addAndGet(pollTakes.toNanos());
      return super.poll(timeout);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
      times.forEach(
          (partition, time) ->
              log(partition).stream()
                  .filter(record -> record.timestamp() >= time)
                  .findFirst()
                  .ifPresent(
                      record ->
                          found.put(
                              partition,
                              new OffsetAndTimestamp(record.offset(), record.timestamp()))));
      return found;
    }
  }
}
