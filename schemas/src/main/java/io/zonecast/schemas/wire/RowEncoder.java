package io.zonecast.schemas.wire;

/** Writes {@link RowFields} as a record's value. One encoder belongs to one thread. */
public interface RowEncoder {

  /**
   * Returns {@code row} in the Confluent wire format, as an array of its own.
   *
   * @throws IllegalArgumentException if a field breaks its rule, which no reader would accept
   */
  byte[] encode(RowFields row);
}
