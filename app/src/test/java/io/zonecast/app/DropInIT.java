package io.zonecast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.fixture.PlainTopic;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with somebody else's serializer and deserializer, from a jar in {@code ext/}. */
class DropInIT {
  /** Classes of the shape of Confluent's, which no build of ours has on its class path. */
  private static final Path SOURCES = Path.of("../schemas/src/test/resources/ext-stand-in");

  private static final String TABLE =
      """
      carrier,origin,destination,zone,flags,effective_date
      usps,005,006,A,,
      usps,005,010,2,*,2024-04-01
      usps,006,005,4,,
      """;

  private static final int ROWS = 3;

  private final String topic = "zones-" + UUID.randomUUID();
  private final URI registry = SharedRegistry.url();
  private final LinkProxy link = LinkProxy.start(registry.getHost(), registry.getPort());
  private final String bootstrap = Servers.shared().broker().bootstrapServers();
  private final MemcachedNode node = Servers.shared().memcached();
  private final Map<String, String> environment = new HashMap<>();

  @TempDir private static Path home;
  private static Installation installation;

  @TempDir private Path directory;
  private String table = "";

  @BeforeAll
  static void dropTheJarIn() throws IOException {
    installation = Installation.in(home);
    installation.dropIn(SOURCES, "stand-in.jar");
  }

  @BeforeEach
  void pointAtTheServers() throws IOException {
    environment.put("ZONECAST_BOOTSTRAP_SERVERS", bootstrap);
    environment.put("ZONECAST_TOPIC", topic);
    environment.put("ZONECAST_GROUP", "group-of-" + topic);
    environment.put("ZONECAST_MEMCACHED", node.address());
    table = Files.writeString(directory.resolve("usps.csv"), TABLE).toString();
  }

  @AfterEach
  void close() {
    node.close();
    link.close();
  }

  @Test
  void theCommandsWriteAndReadByTheClassesOfTheJar() throws Exception {
    configure("com.example.standin.StandInAvro", true);

    Ran published = installation.run(environment, "publish", table);
    Ran again = installation.run(environment, "plan", table, "--json");
    configure("com.example.standin.StandInAvro", false);
    Ran rebuilt = installation.run(environment, "rebuild");

    assertThat(published.exitCode()).as(published.err()).isZero();
    assertThat(again.json().get("unchanged").asInt()).isEqualTo(ROWS);
    assertThat(rebuilt.exitCode()).as(rebuilt.err()).isZero();
    assertThat(run("get", "usps", "005", "010").out()).isEqualTo("2\n");
    // What they wrote is what ours would have written: nothing changes for whoever leaves them.
    Map<String, byte[]> theirs = TopicValues.read(bootstrap, topic, ROWS);
    String ours = topic + "-ours";
    environment.remove("ZONECAST_CONFIG");
    environment.put("ZONECAST_TOPIC", ours);
    assertThat(run("publish", table, "--schema-registry-url", registry.toString()).exitCode())
        .isZero();
    TopicValues.read(bootstrap, ours, ROWS)
        .forEach(
            (key, value) ->
                assertThat(bodyOf(Objects.requireNonNull(theirs.get(key))))
                    .as(key)
                    .isEqualTo(bodyOf(value)));
  }

  @Test
  void theirBadRecordIsADeadLetterAndTheirRegistryOutOfReachAWait() throws Exception {
    assertThat(run("publish", table, "--schema-registry-url", registry.toString()).exitCode())
        .isZero();
    configure("com.example.standin.StandInAvro", false);
    byte[] good =
        Objects.requireNonNull(TopicValues.read(bootstrap, topic, ROWS).get("usps:005:010"));
    try (RunningCommand sink = installation.start(environment, "sink")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sink.err().contains("state=IN_STEP") || !sink.isRunning());
      byte[] bad = good.clone();
      bad[5] = 1;
      new PlainTopic(bootstrap, topic).send("usps:007:001".getBytes(UTF_8), bad);
      assertThat(TopicValues.read(bootstrap, ZoneTopic.deadLettersOf(topic), 1).values())
          .singleElement()
          .isEqualTo(bad);

      link.refuseConnections();
      link.cut();
      byte[] unknown = good.clone();
      ByteBuffer.wrap(unknown).putInt(1, anotherId());
      new PlainTopic(bootstrap, topic).send("usps:005:010".getBytes(UTF_8), unknown);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> sink.err().contains(" waits: schema id ") || !sink.isRunning());
      assertThat(sink.err()).contains("Error retrieving Avro schema for id");
      assertThat(lagVerdict()).isEqualTo("STALLED");

      link.acceptConnections();

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(lagVerdict()).isEqualTo("CAUGHT_UP"));
      assertThat(TopicValues.read(bootstrap, ZoneTopic.deadLettersOf(topic), 1)).hasSize(1);
      assertThat(sink.isRunning()).isTrue();
    }
  }

  @Test
  void aClassThatNoJarHasIsNamedWithTheDirectory() throws Exception {
    configure("io.confluent.kafka.serializers.KafkaAvro", false);

    Ran ran = run("publish", table);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err())
        .contains("io.confluent.kafka.serializers.KafkaAvroDeserializer")
        .contains("are its jar and those it needs in ext/?");
  }

  /** The same schema under another subject's name, and with another documentation: a new id. */
  private int anotherId() throws Exception {
    String schema = SharedRegistry.latest(topic + "-value").get("schema").asText();
    return SharedRegistry.register(
        topic + "-other-value", schema.replaceFirst("\"doc\":\"", "\"doc\":\"By another. "));
  }

  private void configure(String prefix, boolean specific) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("zonecast.properties"),
            """
            kafka.value.serializer=%sSerializer
            kafka.value.deserializer=%sDeserializer
            kafka.specific.avro.reader=%s
            kafka.schema.registry.url=http://%s%s
            """
                .formatted(prefix, prefix, specific, link.address(), registry.getPath()));
    environment.put("ZONECAST_CONFIG", file.toString());
  }

  private String lagVerdict() {
    return run("lag", "--json").json().get("verdict").asText();
  }

  /** By classes of our own, unless the configuration names others. */
  private Ran run(String... arguments) {
    return Ran.zonecast(environment, arguments);
  }

  private static byte[] bodyOf(byte[] value) {
    return Arrays.copyOfRange(value, 5, value.length);
  }
}
