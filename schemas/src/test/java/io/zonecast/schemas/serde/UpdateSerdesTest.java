package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import io.zonecast.schemas.wire.UpdateDecoder;
import io.zonecast.schemas.wire.UpdateEncoder;
import io.zonecast.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateSerdesTest {
  private static final String TOPIC = "zone-updates";
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final ZoneUpdate UPDATE =
      new ZoneUpdate(
          "u-1",
          "upsert",
          "usps",
          "005",
          "010",
          "2",
          "*",
          LocalDate.of(2026, 1, 31),
          "rates",
          NOON);

  private final byte[] encoded = UpdateSerdes.encoder(Map.of(), TOPIC).encode(UPDATE);

  @Test
  void anUpdateIsReadAsItWasWrittenUnderTheBundlesId() {
    ZoneUpdate read = UpdateSerdes.decoder(Map.of(), TOPIC).decode(encoded);

    assertThat(WireFormat.schemaId(encoded, 0, encoded.length))
        .isEqualTo(BundledSchemas.ofUpdates().latestId());
    assertThat(read).isEqualTo(UPDATE);
  }

  @Test
  void anothersSerializerGetsAGenericRecordOfTheBundledSchema() {
    UpdateEncoder encoder =
        UpdateSerdes.encoder(Map.of("value.serializer", Confluents.class.getName()), TOPIC);

    byte[] value = encoder.encode(UPDATE);

    assertThat(new String(value, StandardCharsets.UTF_8))
        .isEqualTo(BundledSchemas.ofUpdates().latest().toString());
  }

  /** As Confluent's: Avro refuses classes that it does not trust; the record's schema is sent. */
  public static final class Confluents implements Serializer<Object> {
    @Override
    public byte[] serialize(String topic, Object value) {
      if (value instanceof SpecificRecord) {
        throw new SecurityException("Forbidden " + value.getClass() + "! not trusted");
      }
      GenericData.Record record = (GenericData.Record) value;
      assertThat(record.get("effectiveDate"))
          .isEqualTo((int) UPDATE.getEffectiveDate().toEpochDay());
      assertThat(record.get("requestedAt")).isEqualTo(NOON.toEpochMilli());
      assertThat(new GenericData().validate(record.getSchema(), record)).isTrue();
      return record.getSchema().toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyTruncationAndEveryByteTooManyIsUndecodable() {
    UpdateDecoder decoder = UpdateSerdes.decoder(Map.of(), TOPIC);

    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> decoder.decode(cut))
          .as("%d bytes", length)
          .isInstanceOf(UndecodableValueException.class);
    }
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
    assertThatThrownBy(() -> decoder.decode(longer)).isInstanceOf(UndecodableValueException.class);
  }

  @Test
  void aRowIsNoUpdate() {
    RowFields fields = new RowFields();
    fields.set(new ZoneRow("usps", "005", "010", "2", null, null));
    byte[] row = RowSerdes.bundled().encoder().encode(fields);

    assertThatThrownBy(() -> UpdateSerdes.decoder(Map.of(), TOPIC).decode(row))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("ZoneRow, not of an update");
  }

  @Test
  void anIdThatNobodyKnowsIsNamed() {
    WireFormat.writeHeader(77, encoded, 0);

    assertThatThrownBy(() -> UpdateSerdes.decoder(Map.of(), TOPIC).decode(encoded))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("schema id 77");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void othersDeserializersGiveWhatTheyHave(boolean logicalTypes) {
    GenericData.Record theirs = new GenericData.Record(BundledSchemas.ofUpdates().latest());
    theirs.put("id", "u-1");
    theirs.put("op", "upsert");
    theirs.put("carrier", "usps");
    theirs.put("origin", "005");
    theirs.put("destination", "010");
    theirs.put("zone", "2");
    theirs.put("flags", "*");
    LocalDate date = LocalDate.of(2026, 1, 31);
    theirs.put("effectiveDate", logicalTypes ? date : (Object) (int) date.toEpochDay());
    theirs.put("requestedBy", "rates");
    theirs.put("requestedAt", logicalTypes ? NOON : (Object) NOON.toEpochMilli());
    Deserializer<IndexedRecord> deserializer = (topic, value) -> theirs;

    ZoneUpdate read = new DeserializerUpdateDecoder(deserializer, TOPIC).decode(encoded);

    assertThat(read).isEqualTo(UPDATE);
  }
}
