package io.zonecast.schemas.wire;

/**
 * Writes rows in the newest bundled schema, by hand: byte for byte what Avro's own encoder gives,
 * several times as fast. The array returned is all that it allocates.
 */
public final class ZoneRowEncoder implements RowEncoder {
  private final int schemaId;

  /**
   * Makes an encoder that writes {@code schemaId} before each row.
   *
   * @param schemaId the id of the newest bundled schema, as {@link SchemaIds#idOf} gives it
   */
  public ZoneRowEncoder(int schemaId) {
    this.schemaId = schemaId;
  }

  @Override
  public byte[] encode(RowFields row) {
    byte[] value = new byte[encodedLength(row)];
    encode(row, value, 0);
    return value;
  }

  /**
   * Writes {@code row} to {@code into}, which has {@link #encodedLength} bytes left at {@code at},
   * and returns where it ends.
   *
   * @throws IllegalArgumentException if a field breaks its rule, which no reader would accept
   */
  public int encode(RowFields row, byte[] into, int at) {
    String problem = row.problem();
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    int end = WireFormat.writeHeader(schemaId, into, at);
    end = writeString(row.carrier(), into, end);
    end = writeString(row.origin(), into, end);
    end = writeString(row.destination(), into, end);
    end = writeString(row.zone(), into, end);
    if (row.flags().isNull()) {
      into[end++] = ZoneRowLayout.NULL_BRANCH;
    } else {
      into[end++] = ZoneRowLayout.VALUE_BRANCH;
      end = writeString(row.flags(), into, end);
    }
    if (row.dated()) {
      into[end++] = ZoneRowLayout.VALUE_BRANCH;
      return writeInt(row.effectiveEpochDay(), into, end);
    }
    into[end++] = ZoneRowLayout.NULL_BRANCH;
    return end;
  }

  /** Returns how many bytes {@link #encode} writes for {@code row}. */
  public static int encodedLength(RowFields row) {
    return WireFormat.HEADER_LENGTH
        + lengthOfString(row.carrier())
        + lengthOfString(row.origin())
        + lengthOfString(row.destination())
        + lengthOfString(row.zone())
        + 1
        + (row.flags().isNull() ? 0 : lengthOfString(row.flags()))
        + 1
        + (row.dated() ? lengthOfInt(row.effectiveEpochDay()) : 0);
  }

  private static int writeString(Utf8Slice text, byte[] into, int at) {
    int length = text.length();
    int end = writeInt(length, into, at);
    System.arraycopy(text.array(), text.offset(), into, end, length);
    return end + length;
  }

  private static int writeInt(int value, byte[] into, int at) {
    int rest = zigZag(value);
    int end = at;
    while ((rest & ~0x7f) != 0) {
      into[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[end++] = (byte) rest;
    return end;
  }

  private static int lengthOfString(Utf8Slice text) {
    return lengthOfInt(text.length()) + text.length();
  }

  private static int lengthOfInt(int value) {
    int significantBits = Integer.SIZE - Integer.numberOfLeadingZeros(zigZag(value) | 1);
    return (significantBits + 6) / 7;
  }

  private static int zigZag(int value) {
    return (value << 1) ^ (value >> 31);
  }

  @Override
  public String toString() {
    return "ZoneRowEncoder(schema id " + schemaId + ")";
  }
}
