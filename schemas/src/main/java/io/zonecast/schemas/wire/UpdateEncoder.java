package io.zonecast.schemas.wire;

import io.zonecast.schemas.ZoneUpdate;

/** Writes an update as a record's value. One encoder belongs to one thread. */
public interface UpdateEncoder {

  /**
   * Returns {@code update} in the Confluent wire format, as an array of its own.
   *
   * @throws RegistryUnavailableException if the source of ids cannot be asked
   * @throws org.apache.kafka.common.errors.SerializationException if there is no id for the schema,
   *     saying what to do
   */
  byte[] encode(ZoneUpdate update);
}
