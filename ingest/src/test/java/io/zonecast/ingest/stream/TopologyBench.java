package io.zonecast.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.serde.ZoneRowDeserializer;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.RowSerde;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The topology without brokers, on one partition. The driver numbers what it is given by itself,
 * from 0 and without gaps.
 */
final class TopologyBench implements AutoCloseable {
  static final int PARTITION = 0;

  /** What the topology writes is a record of the table only once the test says so. */
  private static final String WRITTEN = "written";

  private static final RowSerde ROWS = RowSerdes.bundled();

  static final Uuid UPDATES_ID = new Uuid(1, 2);

  private static final HighWatermarks YOUNG =
      partitions -> CompletableFuture.completedFuture(Map.of(PARTITION, 0L));
  static final LastWriters NOBODY_ASKS =
      new LastWriters(
          isolation -> {
            throw new IllegalStateException("no update has waited");
          },
          ZoneTopic.DEFAULT_NAME,
          UPDATES_ID,
          Duration.ofDays(7),
          Clock.systemUTC(),
          System::nanoTime);

  final StreamCounts counts = new StreamCounts();
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> updates;
  private final TestInputTopic<byte[], byte[]> rows;
  private final TestOutputTopic<byte[], byte[]> written;
  private final TestOutputTopic<byte[], byte[]> rejected;

  /** A record of the table as the topology wrote it. */
  record Written(String key, @Nullable String zone, Headers headers) {}

  /** All updates are young. */
  TopologyBench(TableProgress progress, boolean rejectStale) {
    this(progress, rejectStale, 1);
  }

  /**
   * @param partitions how many the topology believes the table has
   */
  TopologyBench(TableProgress progress, boolean rejectStale, int partitions) {
    this(progress, YOUNG, NOBODY_ASKS, rejectStale, partitions);
  }

  /**
   * @param ends where the updates end, as the brokers would say: those before have waited
   */
  TopologyBench(
      TableProgress progress,
      HighWatermarks ends,
      LastWriters writers,
      boolean rejectStale,
      int partitions) {
    String table = ZoneTopic.DEFAULT_NAME;
    Topology topology =
        new UpdateTopology(
                table, partitions, "zones-stream", rejectStale, progress, ends, writers, counts)
            .build(
                () -> UpdateSerdes.decoder(Map.of(), ZoneTopic.updatesOf(table)),
                ROWS::decoder,
                ROWS::encoder,
                Stores::inMemoryKeyValueStore,
                WRITTEN);
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "zones-stream");
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    driver = new TopologyTestDriver(topology, properties, Instant.EPOCH);
    ByteArraySerializer in = new ByteArraySerializer();
    ByteArrayDeserializer out = new ByteArrayDeserializer();
    updates = driver.createInputTopic(ZoneTopic.updatesOf(table), in, in);
    rows = driver.createInputTopic(table, in, in);
    written = driver.createOutputTopic(WRITTEN, out, out);
    rejected = driver.createOutputTopic(ZoneTopic.rejectedOf(table), out, out);
  }

  void update(byte @Nullable [] key, byte @Nullable [] value) {
    updates.pipeInput(new TestRecord<>(key, value, new RecordHeaders(), Instant.EPOCH));
  }

  void row(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    rows.pipeInput(new TestRecord<>(key, value, headers, Instant.EPOCH));
  }

  boolean isInTheCopy(String key) {
    KeyValueStore<Bytes, byte[]> copy = driver.getKeyValueStore(UpdateTopology.TABLE);
    return copy.get(Bytes.wrap(key.getBytes(UTF_8))) != null;
  }

  /** What was written since this was last asked. */
  List<Written> written() {
    return written.readRecordsToList().stream()
        .map(
            record ->
                new Written(
                    new String(record.getKey(), UTF_8),
                    zone(record.getValue()),
                    record.getHeaders()))
        .toList();
  }

  List<TestRecord<byte[], byte[]>> rejected() {
    return rejected.readRecordsToList();
  }

  /** Lets the driver's records pass that nobody looks at. */
  void forgetOutput() {
    written.readRecordsToList();
    rejected.readRecordsToList();
  }

  static byte @Nullable [] value(String key, @Nullable String zone) {
    if (zone == null) {
      return null;
    }
    String[] parts = key.split(":", -1);
    RowFields fields = new RowFields();
    fields.set(new ZoneRow(parts[0], parts[1], parts[2], zone, null, null));
    return ROWS.encoder().encode(fields);
  }

  static @Nullable String zone(byte @Nullable [] value) {
    try (ZoneRowDeserializer deserializer = new ZoneRowDeserializer()) {
      ZoneRow row = deserializer.deserialize(ZoneTopic.DEFAULT_NAME, value);
      return row == null ? null : row.getZone();
    }
  }

  /** No answer is waited for. */
  static TableProgress progress(HighWatermarks watermarks) {
    return new TableProgress(watermarks, Duration.ZERO);
  }

  @Override
  public void close() {
    driver.close();
  }
}
