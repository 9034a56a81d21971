package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.zonecast.sandbox.SchemaRegistryServer;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.registry.CompatibilityLevel;
import io.zonecast.schemas.registry.IncompatibleSchemaException;
import io.zonecast.schemas.registry.RegistryClient;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.registry.StandInRegistry;
import io.zonecast.schemas.registry.SubjectCheck;
import io.zonecast.schemas.registry.SubjectVersion;
import io.zonecast.schemas.registry.ZoneSubject;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.io.Writer;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything that is asked of a registry, asked of a real one. */
class SchemaRegistryIT {
  private static final Schema LATEST = BundledSchemas.load().latest();
  private static final ZoneRow ROW =
      new ZoneRow("usps", "005", "006", "A", "b", LocalDate.of(2024, 4, 1));

  /** Debian's own: packages of its archive are not seen by others on the PATH. */
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private static SchemaRegistryServer server;

  private final String topic = "zones-" + UUID.randomUUID();
  private final RowFields fields = new RowFields();

  @BeforeAll
  static void start() {
    assumeThat(Servers.shared().hasSchemaRegistry())
        .as("a schema registry unpacked by the profile \"registry\"")
        .isTrue();
    server = Servers.shared().schemaRegistry();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aRowIsTheSameBytesButForTheIdWhoeverGaveIt() {
    byte[] bundled = encode(RowSerdes.encoder(Map.of(), topic));
    byte[] byStandIn;
    try (StandInRegistry standIn = StandInRegistry.start()) {
      byStandIn = encode(RowSerdes.encoder(Map.of("schema.registry.url", standIn.url()), topic));
    }

    byte[] value = encode(RowSerdes.encoder(configs(), topic));

    int id = ByteBuffer.wrap(value, 1, 4).getInt();
    assertThat(client().latest(topic + "-value"))
        .hasValueSatisfying(
            version -> {
              assertThat(version.id()).isEqualTo(id);
              assertThat(version.schema()).isEqualTo(LATEST);
            });
    assertThat(ByteBuffer.wrap(bundled).putInt(1, id).array()).isEqualTo(value);
    assertThat(ByteBuffer.wrap(byStandIn).putInt(1, id).array()).isEqualTo(value);
  }

  @Test
  void checkRegisterAndListTellTheSameStory() {
    ZoneSubject subject = new ZoneSubject(client(), BundledSchemas.load(), topic);

    assertThat(subject.check()).isEqualTo(new SubjectCheck.NewSubject(topic + "-value"));
    int id = subject.register(CompatibilityLevel.FULL_TRANSITIVE).id();

    assertThat(subject.level()).isEqualTo(CompatibilityLevel.FULL_TRANSITIVE);
    assertThat(subject.check()).isEqualTo(new SubjectCheck.Registered(topic + "-value", 1, id));
    assertThat(subject.list())
        .containsExactly(new SubjectVersion(topic + "-value", 1, id, OptionalInt.of(1)));
  }

  @Test
  void theLevelKeepsOutWhatOldReadersCannotRead() {
    new ZoneSubject(client(), BundledSchemas.load(), topic)
        .register(CompatibilityLevel.FULL_TRANSITIVE);
    Schema unreadable =
        SchemaBuilder.record("ZoneRow")
            .namespace("io.zonecast.schemas")
            .fields()
            .requiredInt("zone")
            .endRecord();

    assertThat(client().incompatibilities(topic + "-value", unreadable)).isNotEmpty();
    assertThatThrownBy(() -> client().register(topic + "-value", unreadable))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("subject " + topic + "-value does not take the schema");
  }

  @Test
  void aSubjectThatForbidsTheSchemaIsFoundBeforeADeploy() {
    Schema other =
        SchemaBuilder.record("ZoneRow")
            .namespace("io.zonecast.schemas")
            .fields()
            .requiredString("weight")
            .endRecord();
    client().register(topic + "-value", other);

    assertThat(new ZoneSubject(client(), BundledSchemas.load(), topic).check().passed()).isFalse();
  }

  @Tag("containers")
  @Test
  void recordsOfTwoVersionsAreReadThroughABroker() throws Exception {
    Map<String, Object> clients = configs();
    clients.put("bootstrap.servers", Servers.shared().broker().bootstrapServers());
    try (Admin admin = Admin.create(clients)) {
      ZoneTopic.ensure(admin, topic, 1);
    }
    try (KafkaProducer<String, IndexedRecord> producer =
        new KafkaProducer<>(clients, new StringSerializer(), avroSerializer())) {
      producer.send(new ProducerRecord<>(topic, "usps:005:006", ROW)).get();
      producer.send(new ProducerRecord<>(topic, "usps:005:010", newerRow())).get();
    }
    Map<String, Object> reading = new HashMap<>(clients);
    reading.put("auto.offset.reset", "earliest");
    ZoneRowDeserializer deserializer = new ZoneRowDeserializer();
    deserializer.configure(reading, false);

    List<ZoneRow> rows = new ArrayList<>();
    try (KafkaConsumer<String, ZoneRow> consumer =
        new KafkaConsumer<>(reading, new StringDeserializer(), deserializer)) {
      consumer.assign(Set.of(new TopicPartition(topic, 0)));
      Awaitility.await()
          .untilAsserted(
              () -> {
                for (ConsumerRecord<String, ZoneRow> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  rows.add(record.value());
                }
                assertThat(rows).hasSize(2);
              });
    }
    assertThat(rows).containsExactly(ROW, new ZoneRow("usps", "005", "010", "2", null, null));
  }

  @Test
  void aReaderThatIsNotOursReadsTheTopicsBytesByTheRegistrysSchema() throws Exception {
    assumeThat(pythonHasAvro())
        .as("Debian's python3-avro at /usr/bin/python3 (apt-get install python3-avro)")
        .isTrue();
    Map<String, Object> clients = configs();
    clients.put("bootstrap.servers", Servers.shared().broker().bootstrapServers());
    clients.put("auto.offset.reset", "earliest");
    try (Admin admin = Admin.create(clients)) {
      ZoneTopic.ensure(admin, topic, 1);
    }
    ZoneRowSerializer serializer = new ZoneRowSerializer();
    serializer.configure(clients, false);
    try (KafkaProducer<String, ZoneRow> producer =
        new KafkaProducer<>(clients, new StringSerializer(), serializer)) {
      producer.send(new ProducerRecord<>(topic, "usps:005:006", ROW)).get();
    }
    StringBuilder values = new StringBuilder();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(clients, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(Set.of(new TopicPartition(topic, 0)));
      Awaitility.await()
          .untilAsserted(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(r -> values.append(HexFormat.of().formatHex(r.value())).append('\n'));
                assertThat(values).isNotEmpty();
              });
    }

    String read = readByPython(values.toString());

    assertThat(read)
        .isEqualTo(
            "{\"carrier\": \"usps\", \"destination\": \"006\", \"effectiveDate\": \"2024-04-01\","
                + " \"flags\": \"b\", \"origin\": \"005\", \"zone\": \"A\"}");
  }

  @Test
  void aRegistryThatHangsStopsOnlyNewIdsAndTheyGoOnWhenItIsBack() {
    byte[] known = encode(RowSerdes.encoder(configs(), topic));
    byte[] newer = Objects.requireNonNull(avroSerializer().serialize(topic, newerRow()));
    RowDecoder decoder = RowSerdes.decoder(configs(), topic);
    decoder.decode(ByteBuffer.wrap(known), fields);

    server.pause();
    try {
      decoder.decode(ByteBuffer.wrap(known), fields);
      assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(newer), fields))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("schema registry [" + server.url() + "] has not answered yet");
    } finally {
      server.resume();
    }

    Awaitility.await()
        .ignoreExceptionsInstanceOf(RegistryUnavailableException.class)
        .untilAsserted(
            () -> {
              decoder.decode(ByteBuffer.wrap(newer), fields);
              assertThat(fields.zone()).hasToString("2");
            });
  }

  @Test
  void anIdThatItNeverGaveIsNamed() {
    byte[] value = encode(RowSerdes.encoder(configs(), topic));
    ByteBuffer.wrap(value).putInt(1, 987_654);

    assertThatThrownBy(
            () -> RowSerdes.decoder(configs(), topic).decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("schema id 987654 is unknown to the schema registry " + server.url());
  }

  private static boolean pythonHasAvro() throws Exception {
    return Files.isExecutable(PYTHON)
        && new ProcessBuilder(PYTHON.toString(), "-c", "import avro.io")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  private static String readByPython(String hexLines) throws Exception {
    URL script = SchemaRegistryIT.class.getResource("/readers/read_rows.py");
    assertThat(script).isNotNull();
    Process python =
        new ProcessBuilder(PYTHON.toString(), Path.of(script.toURI()).toString(), server.url())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Writer stdin = python.outputWriter()) {
      stdin.write(hexLines);
    }
    String read = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).isZero();
    return read.strip();
  }

  private static GenericData.Record newerRow() {
    return new GenericRecordBuilder(next(LATEST))
        .set("surcharge", 1.5)
        .set("carrier", "usps")
        .set("origin", "005")
        .set("destination", "010")
        .set("zone", "2")
        .build();
  }

  private RegistryClient client() {
    return RegistrySettings.from(configs()).orElseThrow().client();
  }

  private byte[] encode(RowEncoder encoder) {
    fields.set(ROW);
    return encoder.encode(fields);
  }

  private AvroSerializer avroSerializer() {
    AvroSerializer serializer = new AvroSerializer();
    serializer.configure(configs(), false);
    return serializer;
  }

  private static Map<String, Object> configs() {
    Map<String, Object> configs = new HashMap<>();
    configs.put("schema.registry.url", server.url());
    return configs;
  }

  private static Schema next(Schema schema) {
    String surcharge = "{\"name\":\"surcharge\",\"type\":\"double\",\"default\":0.0},";
    return new Schema.Parser()
        .parse(schema.toString().replace("\"fields\":[", "\"fields\":[" + surcharge));
  }
}
