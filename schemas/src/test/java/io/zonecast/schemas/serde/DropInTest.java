package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.registry.StandInRegistry;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Someone else's classes, from a jar of their own, in the place of ours. */
class DropInTest {
  private static final String SERIALIZER = "com.example.standin.StandInAvroSerializer";
  private static final String DESERIALIZER = "com.example.standin.StandInAvroDeserializer";
  private static final ZoneRow ROW =
      new ZoneRow("usps", "005", "006", "A", "b", LocalDate.of(2024, 4, 1));

  @TempDir static Path ext;
  private static URLClassLoader loader;

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private final StandInRegistry registry = StandInRegistry.start();
  private final RowFields fields = new RowFields();

  @BeforeAll
  static void dropIn() throws Exception {
    loader = ExtJar.loader(ExtJar.build(ext));
  }

  @AfterAll
  static void takeOut() throws Exception {
    loader.close();
  }

  @BeforeEach
  void useTheJar() {
    Thread.currentThread().setContextClassLoader(loader);
  }

  @AfterEach
  void leave() {
    Thread.currentThread().setContextClassLoader(before);
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsReadTheSameThroughSpecificAndGenericRecords(boolean specific) {
    byte[] value = encode(RowSerdes.encoder(configs("value.serializer", SERIALIZER), "zones"));
    Map<String, Object> configs = configs("value.deserializer", DESERIALIZER);
    configs.put("specific.avro.reader", specific);

    RowSerdes.decoder(configs, "zones").decode(ByteBuffer.wrap(value), fields);

    assertThat(fields.toZoneRow()).isEqualTo(ROW);
  }

  @Test
  void theBytesAreTheSameWhosesoeverClassesWriteThem() {
    byte[] theirs = encode(RowSerdes.encoder(configs("value.serializer", SERIALIZER), "zones"));

    byte[] ours = encode(RowSerdes.encoder(configs(), "zones"));

    assertThat(theirs).isEqualTo(ours);
  }

  @Test
  void theirBytesAreReadByOursAndOursByTheirs() {
    byte[] theirs = encode(RowSerdes.encoder(configs("value.serializer", SERIALIZER), "zones"));
    RowSerdes.decoder(configs(), "zones").decode(ByteBuffer.wrap(theirs), fields);
    assertThat(fields.toZoneRow()).isEqualTo(ROW);

    byte[] ours = encode(RowSerdes.encoder(configs(), "zones"));
    dropInDecoder().decode(ByteBuffer.wrap(ours), fields);
    assertThat(fields.toZoneRow()).isEqualTo(ROW);
  }

  @Test
  void aRegistryOutOfReachIsAWait() {
    byte[] value = encode(RowSerdes.encoder(configs(), "zones"));
    registry.close();

    assertThatThrownBy(() -> dropInDecoder().decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("schema id 1: " + DESERIALIZER + " says: Error retrieving Avro");
    RowEncoder encoder = RowSerdes.encoder(configs("value.serializer", SERIALIZER), "zones");
    assertThatThrownBy(() -> encode(encoder)).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void aRefusalToRegisterIsSaidInFull() {
    registry.misbehave(
        exchange ->
            StandInRegistry.answer(
                exchange, 409, "{\"error_code\":409,\"message\":\"incompatible\"}"));
    RowEncoder encoder = RowSerdes.encoder(configs("value.serializer", SERIALIZER), "zones");

    assertThatThrownBy(() -> encode(encoder))
        .isInstanceOf(SerializationException.class)
        .hasMessage(
            SERIALIZER
                + " for topic zones says: Error registering Avro schema: incompatible; error code:"
                + " 409");
  }

  @Test
  void anUnknownIdIsAWaitThatNamesIt() {
    byte[] value = encode(RowSerdes.encoder(configs(), "zones"));
    value[4] = 77;

    assertThatThrownBy(() -> dropInDecoder().decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("Schema 77 not found; error code: 40403");
  }

  @Test
  void aBadRecordIsUndecodable() {
    byte[] value = encode(RowSerdes.encoder(configs(), "zones"));
    byte[] negativeLength = value.clone();
    negativeLength[5] = 1;
    byte[] noMagic = value.clone();
    noMagic[0] = 1;
    ByteBuffer truncated = ByteBuffer.wrap(value, 0, 9);

    for (ByteBuffer bad :
        new ByteBuffer[] {
          ByteBuffer.wrap(negativeLength),
          ByteBuffer.wrap(noMagic),
          truncated,
          ByteBuffer.allocate(2)
        }) {
      assertThatThrownBy(() -> dropInDecoder().decode(bad, fields))
          .isInstanceOf(UndecodableValueException.class);
    }
  }

  @Test
  void aRowThatBreaksTheRulesIsUndecodable() {
    int id = registry.add("zones-value", BundledSchemas.load().latest().toString());
    byte[] value = {0, 0, 0, 0, (byte) id, 2, 'u', 2, '1', 2, '2', 4, '\r', '\n', 0, 0};

    assertThatThrownBy(() -> dropInDecoder().decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("zone \"\\x0d\\x0a\" is not");
  }

  @Test
  void noClassOfOursDependsOnWhoseTheyAre() throws Exception {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path sources :
          modules.map(module -> module.resolve("src/main")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(sources)) {
          assertThat(files.filter(file -> file.toString().endsWith(".java")))
              .allSatisfy(
                  file -> assertThat(Files.readString(file)).doesNotContain("io.confluent"));
        }
      }
    }
  }

  @Test
  void aClassThatIsNotThereNamesTheOptionAndTheDirectory() {
    assertThatThrownBy(
            () ->
                RowSerdes.decoder(
                    configs("value.deserializer", "io.confluent.kafka.serializers.KafkaAvroX"),
                    "zones"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("value.deserializer")
        .hasMessageContaining("io.confluent.kafka.serializers.KafkaAvroX")
        .hasMessageContaining("are its jar and those it needs in ext/?");
  }

  @Test
  void aDeserializerOfSomethingElseIsRefused() {
    RowDecoder decoder =
        RowSerdes.decoder(
            configs(
                "value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer"),
            "zones");
    byte[] value = encode(RowSerdes.encoder(configs(), "zones"));

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("it gives java.lang.String, an Avro record is wanted");
  }

  private RowDecoder dropInDecoder() {
    return RowSerdes.decoder(configs("value.deserializer", DESERIALIZER), "zones");
  }

  private byte[] encode(RowEncoder encoder) {
    fields.set(ROW);
    return encoder.encode(fields);
  }

  private Map<String, Object> configs(String... option) {
    Map<String, Object> configs = new HashMap<>();
    configs.put("schema.registry.url", registry.url());
    if (option.length == 2) {
      configs.put(option[0], option[1]);
    }
    return configs;
  }
}
