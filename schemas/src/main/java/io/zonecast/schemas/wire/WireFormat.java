package io.zonecast.schemas.wire;

import java.util.HexFormat;

/**
 * The framing that Confluent's serializers put around Avro: a zero byte, the schema id in four
 * bytes, big-endian, then Avro binary.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Wire
 *     format</a>
 */
public final class WireFormat {
  public static final byte MAGIC = 0;
  public static final int HEADER_LENGTH = 5;

  private WireFormat() {}

  /**
   * Reads the schema id of the {@code length} bytes at {@code offset}.
   *
   * @throws UndecodableValueException if they do not begin with one
   */
  public static int schemaId(byte[] bytes, int offset, int length) {
    if (length < HEADER_LENGTH) {
      throw new UndecodableValueException(
          ("value of %s%s is too short: the wire format begins with 00 and four bytes"
                  + " of schema id")
              .formatted(length, length == 1 ? " byte" : " bytes"));
    }
    if (bytes[offset] != MAGIC) {
      throw new UndecodableValueException(
          "value begins with "
              + HexFormat.of().toHexDigits(bytes[offset])
              + ", the wire format with 00; it was not written by a serializer with schema ids");
    }
    return (bytes[offset + 1] << 24)
        | ((bytes[offset + 2] & 0xff) << 16)
        | ((bytes[offset + 3] & 0xff) << 8)
        | (bytes[offset + 4] & 0xff);
  }

  /** Writes the header to {@code at} and returns where the Avro binary begins. */
  public static int writeHeader(int schemaId, byte[] into, int at) {
    into[at] = MAGIC;
    into[at + 1] = (byte) (schemaId >>> 24);
    into[at + 2] = (byte) (schemaId >>> 16);
    into[at + 3] = (byte) (schemaId >>> 8);
    into[at + 4] = (byte) schemaId;
    return at + HEADER_LENGTH;
  }
}
