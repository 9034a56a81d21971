package io.zonecast.schemas.wire;

import java.nio.ByteBuffer;

/**
 * Reads a record's value into {@link RowFields}, by the hot path where the writer's schema is one
 * that the bundle knows, by Avro's schema resolution otherwise. One decoder belongs to one thread.
 */
public interface RowDecoder {

  /**
   * Points {@code into} at the fields of {@code value}, in the Confluent wire format. {@code value}
   * is left as it was: neither its position nor its limit moves.
   *
   * @throws UnknownSchemaIdException if no one knows the value's schema id: the record is not bad,
   *     its reader must wait
   * @throws RegistryUnavailableException if the registry cannot be asked for the id: likewise
   * @throws UndecodableValueException if the bytes are no zone row and never will be
   */
  void decode(ByteBuffer value, RowFields into);
}
