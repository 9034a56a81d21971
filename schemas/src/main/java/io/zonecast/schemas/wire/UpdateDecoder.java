package io.zonecast.schemas.wire;

import io.zonecast.schemas.ZoneUpdate;

/**
 * Reads an update from a record's value. What it says is judged by whoever applies it: only that
 * the bytes are an update at all is judged here. One decoder belongs to one thread.
 */
public interface UpdateDecoder {

  /**
   * Reads {@code value}, in the Confluent wire format.
   *
   * @throws UnknownSchemaIdException if no one knows the value's schema id
   * @throws RegistryUnavailableException if the registry cannot be asked for the id
   * @throws UndecodableValueException if the bytes are no update and never will be
   */
  ZoneUpdate decode(byte[] value);
}
