package io.zonecast.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zonecast.schemas.ZoneRow;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneRowDecoderTest {
  private static final int BUNDLED = Integer.MAX_VALUE;
  private static final String HEADER = "00 7f ff ff ff ";

  private final RowFields fields = new RowFields();
  private final ZoneRowDecoder decoder = new ZoneRowDecoder(BundledSchemas.load());

  @Property
  void readsWhatAvroWrites(@ForAll("rows") ZoneRow row) {
    decoder.decode(ByteBuffer.wrap(Rows.byAvro(BUNDLED, row)), fields);

    assertThat(fields.toZoneRow()).isEqualTo(row);
  }

  @Property(tries = 2_000)
  void acceptsExactlyWhatAvroAcceptsOfBrokenBytes(
      @ForAll("rows") ZoneRow row,
      @ForAll @IntRange(max = 200) int position,
      @ForAll byte value,
      @ForAll @IntRange(max = 3) int cut) {
    byte[] broken = Rows.byAvro(BUNDLED, row);
    broken[5 + position % (broken.length - 5)] = value;
    broken = Arrays.copyOf(broken, broken.length - cut);

    @Nullable ZoneRow byHand = rowOrNull(new ZoneRowLayout(), broken);
    Schema bundled = BundledSchemas.load().latest();
    @Nullable ZoneRow byAvro = rowOrNull(new ResolvedBody(bundled, bundled), broken);

    assertThat(byHand).isEqualTo(byAvro);
  }

  @Test
  void leavesTheBufferAsItWas() {
    byte[] value = Rows.byAvro(BUNDLED, Rows.FULL);
    byte[] framed = new byte[value.length + 20];
    System.arraycopy(value, 0, framed, 9, value.length);
    ByteBuffer slice = ByteBuffer.wrap(framed, 3, value.length + 12).slice();
    slice.position(6).limit(6 + value.length);

    decoder.decode(slice, fields);

    assertThat(fields.toZoneRow()).isEqualTo(Rows.FULL);
    assertThat(slice.position()).isEqualTo(6);
    assertThat(slice.remaining()).isEqualTo(value.length);
  }

  @Test
  void readsBuffersThatHideTheirArray() {
    ByteBuffer value = ByteBuffer.wrap(Rows.byAvro(BUNDLED, Rows.FULL)).asReadOnlyBuffer();

    decoder.decode(value, fields);

    assertThat(fields.toZoneRow()).isEqualTo(Rows.FULL);
  }

  @Test
  void aRowWithoutFlagsOrDateForgetsThoseOfTheRowBefore() {
    decoder.decode(ByteBuffer.wrap(Rows.byAvro(BUNDLED, Rows.FULL)), fields);

    decoder.decode(ByteBuffer.wrap(Rows.byAvro(BUNDLED, Rows.PLAIN)), fields);

    assertThat(fields.toZoneRow()).isEqualTo(Rows.PLAIN);
  }

  @ParameterizedTest
  @CsvSource({
    "'', value of 0 bytes is too short: the wire format begins with 00",
    "00 00 00 01, value of 4 bytes is too short",
    "7b 22 61 22 3a, 'value begins with 7b, the wire format with 00'"
  })
  void refusesWhatIsNotInTheWireFormat(String hex, String reason) {
    assertUndecodable(bytes(hex), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "'', the value ends inside field carrier",
    "01, field carrier claims -1 bytes of text where 0 are left",
    "09 75 73 70 73, field carrier claims -5 bytes of text where 4 are left",
    "0a 75 73 70 73, field carrier claims 5 bytes of text where 4 are left",
    "fe ff ff ff 0f, field carrier claims 2147483647 bytes of text where 0 are left",
    "fe ff ff ff ff ff ff ff ff 01, field carrier claims 9223372036854775807 bytes",
    "ff ff ff ff ff ff ff ff ff 01, field carrier claims -9223372036854775808 bytes",
    "ff ff ff ff ff ff ff ff ff ff 01, field carrier has a long of more than 10 bytes",
    "08 75 73 70 73 ff, the value ends inside field origin",
    "02 75 02 31 02 32 02 33, the value ends inside field flags",
    "02 75 02 31 02 32 02 33 04, field flags is of union branch 2 where there are 0 and 1",
    "02 75 02 31 02 32 02 33 01, field flags is of union branch -1 where there are 0 and 1",
    "02 75 02 31 02 32 02 33 00, the value ends inside field effectiveDate",
    "02 75 02 31 02 32 02 33 00 02 ff ff ff ff ff 01, field effectiveDate has an int of more",
    "02 75 02 31 02 32 02 33 00 00 00, 1 bytes are left over after the last field of the row"
  })
  void refusesHostileBytesWithAReason(String body, String reason) {
    assertUndecodable(bytes(HEADER + body), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "02 55 02 31 02 32 02 33 00 00, 'carrier \"U\" is not 1 to 32 characters of A-Z a-z 0-9 . _ -'",
    "02 75 00 02 32 02 33 00 00, 'origin \"\" is not'",
    "02 75 02 31 02 3a 02 33 00 00, 'destination \":\" is not'",
    "02 75 02 31 02 32 00 00 00, 'zone \"\" is not 1 to 32 printable ASCII characters'",
    "02 75 02 31 02 32 02 20 00 00, 'zone \" \" is not'",
    "02 75 02 31 02 32 04 0d 0a 00 00, 'zone \"\\x0d\\x0a\" is not'",
    "02 75 02 31 02 32 04 c3 a9 00 00, 'zone \"\\xc3\\xa9\" is not'",
    "02 75 02 31 02 32 02 33 02 00 00, 'flags \"\" is not'",
    "02 75 02 31 02 32 02 33 02 02 00 00, 'flags \"\\x00\" is not'"
  })
  void refusesTextsThatBreakTheirRule(String body, String reason) {
    assertUndecodable(bytes(HEADER + body), reason);
  }

  @Test
  void aZoneAsLongAsAMegabyteIsRefusedAndCutInTheMessage() {
    ZoneRow row = new ZoneRow("usps", "005", "010", "9".repeat(1 << 20), null, null);

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(Rows.byAvro(BUNDLED, row)), fields))
        .isInstanceOf(UndecodableValueException.class)
        .message()
        .contains("(1048576 bytes)")
        .hasSizeLessThan(300);
  }

  @Test
  void anUnknownIdIsNoBadRecordAndIsNamed() {
    byte[] value = Rows.byAvro(77, Rows.PLAIN);

    UnknownSchemaIdException e =
        catchThrowableOfType(
            UnknownSchemaIdException.class, () -> decoder.decode(ByteBuffer.wrap(value), fields));

    assertThat(e.schemaId()).isEqualTo(77);
    assertThat(e).hasMessageContaining("schema id 77 is no bundled one");
  }

  @Test
  void anIdOfALaterBundleAsksForAnUpgrade() {
    byte[] value = Rows.byAvro(BUNDLED - 199, Rows.PLAIN);

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("is version 200 of the bundled schema of ZoneRow")
        .hasMessageContaining("upgrade Zonecast here");
  }

  @Test
  void resolvesAnotherWritersSchemaByAvrosRules() {
    Schema foreign =
        SchemaBuilder.record("ZoneRow")
            .namespace("com.example")
            .fields()
            .requiredLong("weight")
            .requiredString("zone")
            .requiredString("destination")
            .requiredString("origin")
            .requiredString("carrier")
            .endRecord();
    GenericData.Record row =
        new GenericRecordBuilder(foreign)
            .set("weight", 12L)
            .set("zone", "4")
            .set("destination", "902")
            .set("origin", "100")
            .set("carrier", "ups")
            .build();
    ZoneRowDecoder decoder = new ZoneRowDecoder(new OneSchema(5, foreign));

    decoder.decode(ByteBuffer.wrap(Rows.byAvro(5, foreign, row)), fields);

    assertThat(fields.toZoneRow()).isEqualTo(new ZoneRow("ups", "100", "902", "4", null, null));
  }

  @Test
  void anOldReaderAndANewOneReadBothVersions() {
    Schema v1 = BundledSchemas.load().latest();
    Schema v2 = next(v1);
    BundledSchemas newBundle = BundledSchemas.of(v1, v2);
    byte[] oldRow = Rows.byAvro(BUNDLED, Rows.FULL);
    GenericData.Record v2Row =
        new GenericRecordBuilder(v2)
            .set("carrier", "usps")
            .set("origin", "005")
            .set("destination", "006")
            .set("zone", "A")
            .set("flags", "b")
            .set("effectiveDate", (int) LocalDate.of(2024, 4, 1).toEpochDay())
            .set("surcharge", 1.5)
            .build();
    byte[] newRow = Rows.byAvro(BUNDLED - 1, v2, v2Row);
    ZoneRowDecoder oldReader = new ZoneRowDecoder(new OneSchema(BUNDLED - 1, v2));
    ZoneRowDecoder newReader = new ZoneRowDecoder(newBundle, newBundle);

    for (ZoneRowDecoder reader : List.of(oldReader, newReader)) {
      for (byte[] row : List.of(oldRow, newRow, oldRow)) {
        reader.decode(ByteBuffer.wrap(row), fields);
        assertThat(fields.toZoneRow()).isEqualTo(Rows.FULL);
      }
    }
  }

  @Test
  void aForeignRowIsHeldToTheSameRules() {
    Schema sameLayout = BundledSchemas.load().latest();
    ZoneRowDecoder decoder = new ZoneRowDecoder(new OneSchema(5, sameLayout));
    ZoneRow row = new ZoneRow("usps", "005", "010", "2\r\nset x", null, null);

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(Rows.byAvro(5, row)), fields))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessage(
            "schema id 5: zone \"2\\x0d\\x0aset x\" is not 1 to 32 printable ASCII characters"
                + " without spaces (! to ~)");
  }

  @Test
  void aRecordThatIsNoZoneRowIsUndecodable() {
    Schema order =
        SchemaBuilder.record("Order")
            .namespace("com.example")
            .fields()
            .requiredInt("n")
            .endRecord();
    GenericData.Record row = new GenericRecordBuilder(order).set("n", 1).build();
    ZoneRowDecoder decoder = new ZoneRowDecoder(new OneSchema(5, order));

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(Rows.byAvro(5, order, row)), fields))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining("schema id 5")
        .hasMessageContaining("written as com.example.Order, cannot be read as a ZoneRow");
  }

  @Test
  void aSchemaThatContainsItselfCannotExhaustTheStack() {
    Schema endless =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "ZoneRow", "fields": [
                  {"name": "next", "type": ["null", "ZoneRow"]},
                  {"name": "carrier", "type": "string"}, {"name": "origin", "type": "string"},
                  {"name": "destination", "type": "string"}, {"name": "zone", "type": "string"}]}
                """);
    byte[] value = new byte[1 << 20];
    Arrays.fill(value, (byte) 2);
    System.arraycopy(bytes("00 00 00 00 05"), 0, value, 0, 5);
    ZoneRowDecoder decoder = new ZoneRowDecoder(new OneSchema(5, endless));

    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(UndecodableValueException.class);
  }

  @Provide
  Arbitrary<ZoneRow> rows() {
    return Rows.any();
  }

  /** What a next version may look like: a field more, before the others, with a default. */
  private static Schema next(Schema schema) {
    String surcharge = "{\"name\":\"surcharge\",\"type\":\"double\",\"default\":0.0},";
    return new Schema.Parser()
        .parse(schema.toString().replace("\"fields\":[", "\"fields\":[" + surcharge));
  }

  private void assertUndecodable(byte[] value, String reason) {
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(value), fields))
        .isInstanceOf(UndecodableValueException.class)
        .hasMessageContaining(reason);
  }

  private @Nullable ZoneRow rowOrNull(BodyReader reader, byte[] value) {
    try {
      reader.read(value, 5, value.length, fields);
      return fields.toZoneRow();
    } catch (UndecodableValueException e) {
      return null;
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** A registry of one schema. */
  private record OneSchema(int id, Schema schema) implements SchemaIds {
    @Override
    public Schema schemaOf(int asked) {
      if (asked != id) {
        throw new UnknownSchemaIdException(asked, "schema id " + asked + " is unknown");
      }
      return schema;
    }

    @Override
    public int idOf(String topic, Schema asked) {
      throw new SerializationException("this registry gives no ids");
    }
  }
}
