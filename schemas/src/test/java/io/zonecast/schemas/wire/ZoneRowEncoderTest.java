package io.zonecast.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.schemas.ZoneRow;
import java.util.HexFormat;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneRowEncoderTest {
  private final RowFields fields = new RowFields();

  @Property
  void writesByteForByteWhatAvroWrites(@ForAll("rows") ZoneRow row, @ForAll int schemaId) {
    fields.set(row);

    byte[] value = new ZoneRowEncoder(schemaId).encode(fields);

    assertThat(value).isEqualTo(Rows.byAvro(schemaId, row));
  }

  @Property
  void theLengthIsKnownBeforehand(@ForAll("rows") ZoneRow row) {
    fields.set(row);
    byte[] buffer = new byte[256];

    int end = new ZoneRowEncoder(1).encode(fields, buffer, 7);

    assertThat(end - 7).isEqualTo(ZoneRowEncoder.encodedLength(fields));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 00 00 00 00 01",
    "255, 00 00 00 00 ff",
    "65536, 00 00 01 00 00",
    "2147483647, 00 7f ff ff ff"
  })
  void framesTheIdAsConfluentDoes(int schemaId, String header) {
    fields.set(Rows.PLAIN);

    byte[] value = new ZoneRowEncoder(schemaId).encode(fields);

    assertThat(HexFormat.ofDelimiter(" ").formatHex(value))
        .isEqualTo(header + " 08 75 73 70 73 06 30 30 35 06 30 31 30 02 32 00 00");
    assertThat(WireFormat.schemaId(value, 0, value.length)).isEqualTo(schemaId);
  }

  @ParameterizedTest
  @CsvSource({"'a b'", "''", "'\r\n'", "'zone\u00e9'"})
  void refusesATextThatNoReaderWouldAccept(String zone) {
    fields.set(new ZoneRow("usps", "005", "010", zone, null, null));
    ZoneRowEncoder encoder = new ZoneRowEncoder(1);

    assertThatThrownBy(() -> encoder.encode(fields))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("zone \"")
        .hasMessageEndingWith("is not 1 to 32 printable ASCII characters without spaces (! to ~)");
  }

  @Test
  void refusesARowWhoseZoneWasNeverSet() {
    ZoneRowEncoder encoder = new ZoneRowEncoder(1);
    fields.set(Rows.PLAIN);
    fields.zone().setNull();

    assertThatThrownBy(() -> encoder.encode(fields)).hasMessageStartingWith("zone null is not");
  }

  @Provide
  Arbitrary<ZoneRow> rows() {
    return Rows.any();
  }
}
