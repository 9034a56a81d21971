package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.registry.StandInRegistry;
import io.zonecast.schemas.wire.UndecodableValueException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {
  private static final Schema STOP =
      SchemaBuilder.record("Stop").namespace("com.example").fields().requiredInt("n").endRecord();
  private static final ZoneRow ROW = new ZoneRow("usps", "005", "010", "2", null, null);

  private final StandInRegistry registry = StandInRegistry.start();
  private final AvroSerializer serializer = new AvroSerializer();
  private final AvroDeserializer deserializer = new AvroDeserializer();

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void anyGenericRecordComesBackWithItsWritersSchema() {
    configure(Map.of());
    GenericData.Record stop = new GenericRecordBuilder(STOP).set("n", 12).build();

    IndexedRecord read = deserializer.deserialize("stops", serializer.serialize("stops", stop));

    assertThat(read).isEqualTo(stop);
  }

  @Test
  void aSpecificRecordComesBackAsItsClassWhereAskedFor() {
    configure(Map.of("specific.avro.reader", "true"));

    assertThat(deserializer.deserialize("zones", serializer.serialize("zones", ROW)))
        .isEqualTo(ROW);
  }

  @Test
  void aSpecificRecordComesBackAsAGenericOneOtherwise() {
    configure(Map.of());

    IndexedRecord read = deserializer.deserialize("zones", serializer.serialize("zones", ROW));

    assertThat(read).isInstanceOf(GenericData.Record.class).hasToString(ROW.toString());
  }

  @Test
  void whatIsRegisteredIsTheContractWithoutJavasOwnMarks() {
    configure(Map.of());

    byte[] generic = serializer.serialize("zones", ROW);

    ZoneRowSerializer fast = new ZoneRowSerializer();
    fast.configure(Map.of("schema.registry.url", registry.url()), false);
    assertThat(fast.serialize("zones", ROW)).isEqualTo(generic);
  }

  @Test
  void keysHaveASubjectOfTheirOwn() {
    serializer.configure(Map.of("schema.registry.url", registry.url()), true);

    serializer.serialize("stops", new GenericRecordBuilder(STOP).set("n", 1).build());

    assertThat(registry.requests())
        .containsExactly("POST /subjects/stops-key", "POST /subjects/stops-key/versions");
  }

  @Test
  void withoutARegistryOnlyTheBundlesSchemasHaveIds() {
    GenericData.Record stop = new GenericRecordBuilder(STOP).set("n", 1).build();

    assertThat(new AvroSerializer().serialize("zones", ROW)).startsWith(0, 0x7f, 0xff, 0xff, 0xff);
    assertThatThrownBy(() -> new AvroSerializer().serialize("stops", stop))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("com.example.Stop for topic stops is no bundled version of ZoneRow")
        .hasMessageContaining("--schema-registry-url");
  }

  @Test
  void aRecordThatDoesNotFitItsSchemaIsNamed() {
    configure(Map.of());
    GenericData.Record stop = new GenericData.Record(STOP);

    assertThatThrownBy(() -> serializer.serialize("stops", stop))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("record for topic stops does not fit its own schema");
  }

  @Test
  void bytesThatAreNoSuchRecordAreUndecodable() {
    configure(Map.of());
    byte[] value = Objects.requireNonNull(serializer.serialize("zones", ROW));

    for (byte[] bad :
        new byte[][] {
          Arrays.copyOf(value, value.length + 1),
          Arrays.copyOf(value, value.length - 1),
          Arrays.copyOf(value, 3),
          {1, 0, 0, 0, 1, 2}
        }) {
      assertThatThrownBy(() -> deserializer.deserialize("zones", bad))
          .isInstanceOf(UndecodableValueException.class);
    }
  }

  @Test
  void aClassThatIsMissingIsNamed() {
    configure(Map.of("specific.avro.reader", true));
    byte[] value =
        serializer.serialize("stops", new GenericRecordBuilder(STOP).set("n", 1).build());

    assertThatThrownBy(() -> deserializer.deserialize("stops", value))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no class com.example.Stop on the class path");
  }

  @Test
  void nullStaysNull() {
    assertThat(serializer.serialize("zones", null)).isNull();
    assertThat(deserializer.deserialize("zones", null)).isNull();
  }

  private void configure(Map<String, Object> further) {
    Map<String, Object> configs = new HashMap<>(further);
    configs.put("schema.registry.url", registry.url());
    serializer.configure(configs, false);
    deserializer.configure(configs, false);
  }
}
