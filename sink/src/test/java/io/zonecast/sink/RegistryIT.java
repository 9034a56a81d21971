package io.zonecast.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.SchemaRegistryServer;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.serde.AvroSerializer;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sinks whose records' schemas are in a real registry: one that goes away, and ever new ones. */
class RegistryIT {
  private static final int ROWS = 1_000;
  private static final String NEWER_KEY = "usps:900:001";

  /** What the next release would have on its class path beside ours: one more version. */
  private static final String NEXT_RELEASE = "/next-release";

  private static SchemaRegistryServer registry;

  private final Stage stage = new Stage(3, 1);
  private final TestTopic topic = stage.topic();
  private final LinkProxy link = LinkProxy.start(address().getHost(), address().getPort());
  private final AvroSerializer serializer = new AvroSerializer();

  @BeforeAll
  static void startTheRegistry() {
    assumeThat(Servers.shared().hasSchemaRegistry())
        .as("a schema registry unpacked by the profile \"registry\"")
        .isTrue();
    registry = Servers.shared().schemaRegistry();
  }

  @AfterAll
  static void stopTheRegistry() {
    if (registry != null) {
      registry.close();
    }
  }

  RegistryIT() {
    serializer.configure(Map.of("schema.registry.url", registry.url()), false);
  }

  @AfterEach
  void closeStage() {
    stage.close();
    link.close();
  }

  /** It hangs: one that refuses answers at once, and holds up nobody anyhow. */
  @Test
  void aRegistryThatHangsInMidReplayHoldsUpNewSchemasOnlyAndUntilItIsBack() {
    for (int i = 0; i < ROWS; i++) {
      set("usps:%03d:%03d".formatted(i / 100, i % 100), "2");
    }
    int partition = KeyPartition.of(NEWER_KEY.getBytes(UTF_8), topic.partitions());
    try (var log = new LogLines("io.zonecast.sink.poll");
        var sink = start(leaving(RowSerdes.decoders(configs(), topic.name()), ROWS / 2))) {
      stage.awaitEqual(sink);

      int newer = setNewer(NEWER_KEY, "9");
      await()
          .atMost(Stage.SOON)
          .untilAsserted(() -> assertThat(sink.status().waiting()).containsOnlyKeys(partition));
      String elsewhere = keyOutside(partition);
      set(elsewhere, "7");
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> assertThat(stage.raw(0).get(RunningSink.PREFIX + elsewhere)).hasValue("7"));
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Stage.SOON)
          .untilAsserted(
              () ->
                  assertThat(sink.status().waiting().get(partition))
                      .asString()
                      .contains("schema id " + newer)
                      .contains(link.address())
                      .contains("check schema.registry.url"));
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("partition=" + partition + " "))
          .filteredOn(line -> line.contains("waits: "))
          .isNotEmpty()
          .doesNotHaveDuplicates();

      link.forward();

      topic.expect(NEWER_KEY, "9");
      stage.awaitEqual(sink);
      assertThat(sink.status().waiting()).isEmpty();
    }
  }

  @Test
  void aTopicWithBothVersionsIsReplayedWholeByAnOldSinkAndByANewOne() throws Exception {
    topic.setMany(100, "2");
    for (int i = 0; i < 100; i++) {
      set("usps:100:%03d".formatted(i), "3");
      setNewer("usps:200:%03d".formatted(i), "4");
      topic.expect("usps:200:%03d".formatted(i), "4");
    }
    try (MemcachedNode newSinksNode = Servers.shared().memcached();
        var newSink =
            SinkProcess.startRelease(
                resource(NEXT_RELEASE),
                registry.url(),
                topic,
                stage.group() + "-new",
                List.of(newSinksNode.direct().address()));
        var oldSink = start(RowSerdes.decoders(configs(), topic.name()))) {
      var newSinks = new RawMemcached(newSinksNode.direct());

      stage.awaitEqual(oldSink);
      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> assertThat(newSinks.entries(RunningSink.PREFIX)).isEqualTo(topic.expected()));
      assertThat(oldSink.deadLetters()).isZero();

      // What the new release writes without a registry: the old one knows that it is too old.
      byte[] value = newerValue(NEWER_KEY, "9");
      ByteBuffer.wrap(value).putInt(1, Integer.MAX_VALUE - 1);
      topic.raw(NEWER_KEY, value, KeyPartition.of(NEWER_KEY.getBytes(UTF_8), 3));

      await()
          .atMost(Stage.SOON)
          .untilAsserted(
              () -> {
                assertThat(newSinks.get(RunningSink.PREFIX + NEWER_KEY)).hasValue("9");
                assertThat(oldSink.status().waiting().values())
                    .singleElement()
                    .satisfies(at -> assertThat(at.reason()).contains("upgrade Zonecast here"));
              });
      assertThat(newSink.isAlive()).isTrue();
    }
  }

  /** Sets a row under the registry's id of the schema in use. */
  private void set(String key, String zone) {
    ZoneKey parts = ZoneKey.parse(key);
    ZoneRow row =
        new ZoneRow(parts.carrier(), parts.origin(), parts.destination(), zone, null, null);
    send(key, Objects.requireNonNull(serializer.serialize(topic.name(), row)));
    topic.expect(key, zone);
  }

  /** Sets a row of the next version and returns its schema's id; the topic does not expect it. */
  private int setNewer(String key, String zone) {
    byte[] value = newerValue(key, zone);
    send(key, value);
    return ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
  }

  private byte[] newerValue(String key, String zone) {
    ZoneKey parts = ZoneKey.parse(key);
    IndexedRecord row =
        new GenericRecordBuilder(nextVersion())
            .set("surcharge", 1.5)
            .set("carrier", parts.carrier())
            .set("origin", parts.origin())
            .set("destination", parts.destination())
            .set("zone", zone)
            .set("service", "ground")
            .build();
    return Objects.requireNonNull(serializer.serialize(topic.name(), row));
  }

  private void send(String key, byte[] value) {
    topic.raw(key, value, KeyPartition.of(key.getBytes(UTF_8), topic.partitions()));
  }

  private static Schema nextVersion() {
    try {
      return new Schema.Parser()
          .parse(
              Files.readString(
                  resource(NEXT_RELEASE).resolve("io/zonecast/schemas/released/ZoneRow-2.avsc")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Decoders that make the registry hang before the {@code n}th record is read. */
  private Supplier<RowDecoder> leaving(Supplier<RowDecoder> decoders, int n) {
    var read = new AtomicInteger();
    return () -> {
      RowDecoder decoder = decoders.get();
      return (value, row) -> {
        if (read.incrementAndGet() == n) {
          link.blackHole();
        }
        decoder.decode(value, row);
      };
    };
  }

  private RunningSink start(Supplier<RowDecoder> decoders) {
    return RunningSink.start(
        topic,
        RunningSink.settings(topic, stage.group(), stage.addresses()),
        decoders,
        Timing.SYSTEM);
  }

  /** What a sink is configured with: the registry behind a link that can fail. */
  private Map<String, Object> configs() {
    return Map.of(
        "schema.registry.url",
        "http://" + link.address() + address().getPath(),
        "http.connect.timeout.ms",
        500,
        "http.read.timeout.ms",
        500);
  }

  private static URI address() {
    return URI.create(registry.url());
  }

  private String keyOutside(int partition) {
    for (int i = 0; ; i++) {
      String key = "usps:800:%03d".formatted(i);
      if (KeyPartition.of(key.getBytes(UTF_8), topic.partitions()) != partition) {
        return key;
      }
    }
  }

  private static Path resource(String name) {
    URL url = Objects.requireNonNull(RegistryIT.class.getResource(name));
    return Path.of(URI.create(url.toString()));
  }
}
