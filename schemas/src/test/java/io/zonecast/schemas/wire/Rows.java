package io.zonecast.schemas.wire;

import io.zonecast.schemas.ZoneRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/** Rows, and their bytes as Avro's own encoder gives them. */
final class Rows {
  static final ZoneRow PLAIN = new ZoneRow("usps", "005", "010", "2", null, null);
  static final ZoneRow FULL = new ZoneRow("usps", "005", "006", "A", "b", LocalDate.of(2024, 4, 1));

  private Rows() {}

  /** Any row that keeps the rules. */
  static Arbitrary<ZoneRow> any() {
    Arbitrary<String> carrier =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .numeric()
            .withChars("._-")
            .ofMinLength(1)
            .ofMaxLength(32);
    Arbitrary<String> place =
        Arbitraries.strings().alpha().numeric().withChars("._-").ofMinLength(1).ofMaxLength(32);
    Arbitrary<String> text =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(32);
    Arbitrary<LocalDate> date = Arbitraries.integers().map(LocalDate::ofEpochDay);
    return Combinators.combine(
            carrier, place, place, text, text.injectNull(0.5), date.injectNull(0.5))
        .as(ZoneRow::new);
  }

  /** The wire format of {@code row} by Avro's own encoder, under {@code id}. */
  static byte[] byAvro(int id, ZoneRow row) {
    return byAvro(id, out -> new SpecificDatumWriter<>(ZoneRow.class).write(row, out));
  }

  static byte[] byAvro(int id, Schema schema, IndexedRecord row) {
    return byAvro(id, out -> new GenericDatumWriter<IndexedRecord>(schema).write(row, out));
  }

  private static byte[] byAvro(int id, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    try {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      body.writeTo(encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private interface Body {
    void writeTo(BinaryEncoder out) throws IOException;
  }
}
