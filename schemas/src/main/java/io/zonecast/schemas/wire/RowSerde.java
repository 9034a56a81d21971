package io.zonecast.schemas.wire;

/** Rows to bytes and back, for the values of one topic, by whosesoever classes. */
public interface RowSerde {

  /**
   * Makes an encoder. May ask a registry for the schema's id, so that a refusal comes before the
   * first row.
   *
   * @throws RegistryUnavailableException if the source of ids cannot be asked
   * @throws org.apache.kafka.common.errors.SerializationException if there is no id for the schema,
   *     saying what to do
   */
  RowEncoder encoder();

  /** Makes a decoder. Asks no one before the first value. */
  RowDecoder decoder();
}
