package io.zonecast.schemas.wire;

import java.util.Arrays;
import java.util.Objects;
import org.apache.avro.Schema;

/**
 * The hand-written decoder against Avro's own: whatever the bytes, both see the same row, or
 * neither sees one.
 */
public final class ZoneRowDecoderFuzz {
  private static final Schema SCHEMA = BundledSchemas.load().version(ZoneRowLayout.VERSION);
  private static final byte[] HEADER = header();
  private static final ZoneRowDecoder OURS = new ZoneRowDecoder(BundledSchemas.load());
  private static final ResolvedBody AVROS = new ResolvedBody(SCHEMA, SCHEMA);

  private ZoneRowDecoderFuzz() {}

  public static void fuzzerTestOneInput(byte[] body) {
    String ours = ours(body);
    String avros = avros(body);
    if (!Objects.equals(ours, avros)) {
      throw new AssertionError("read as " + ours + ", by Avro as " + avros);
    }
    readAsItIs(body);
  }

  private static byte[] header() {
    int id = BundledSchemas.idOfVersion(ZoneRowLayout.VERSION);
    return new byte[] {0, (byte) (id >> 24), (byte) (id >> 16), (byte) (id >> 8), (byte) id};
  }

  private static String ours(byte[] body) {
    byte[] value = Arrays.copyOf(HEADER, HEADER.length + body.length);
    System.arraycopy(body, 0, value, HEADER.length, body.length);
    var fields = new RowFields();
    try {
      OURS.decode(value, 0, value.length, fields);
    } catch (UndecodableValueException e) {
      return "nothing";
    }
    return words(fields);
  }

  private static String avros(byte[] body) {
    var fields = new RowFields();
    try {
      AVROS.read(body, 0, body.length, fields);
    } catch (UndecodableValueException e) {
      return "nothing";
    }
    return fields.problem() == null ? words(fields) : "nothing";
  }

  /** Slices, not a row: a day out of a calendar's reach has no date. */
  private static String words(RowFields fields) {
    return "%s %s %s %s %s %s %d"
        .formatted(
            fields.carrier(),
            fields.origin(),
            fields.destination(),
            fields.zone(),
            fields.flags().isNull() ? "-" : "\"" + fields.flags() + "\"",
            fields.dated(),
            fields.effectiveEpochDay());
  }

  /** With whatever header the bytes have. */
  private static void readAsItIs(byte[] value) {
    var fields = new RowFields();
    try {
      OURS.decode(value, 0, value.length, fields);
      fields.toZoneRow();
    } catch (UndecodableValueException | UnknownSchemaIdException e) {
      // As documented.
    }
  }
}
