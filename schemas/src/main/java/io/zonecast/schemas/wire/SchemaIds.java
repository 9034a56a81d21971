package io.zonecast.schemas.wire;

import org.apache.avro.Schema;

/**
 * The one place where a schema id becomes a schema, and a schema an id. Thread-safe.
 *
 * <p>Answers are for ever: an id never comes to mean another schema, so that whoever asks may keep
 * them.
 */
public interface SchemaIds {

  /**
   * Returns the schema that values under {@code id} were written with.
   *
   * @throws UnknownSchemaIdException if no one knows the id (yet)
   * @throws RegistryUnavailableException if the registry cannot be asked
   * @throws UndecodableValueException if the id stands for something that is no Avro schema
   */
  Schema schemaOf(int id);

  /**
   * Returns the id under which to write values of {@code schema} to {@code topic}.
   *
   * @throws RegistryUnavailableException if the source of ids cannot be asked
   * @throws org.apache.kafka.common.errors.SerializationException if there is none, saying what to
   *     do
   */
  int idOf(String topic, Schema schema);
}
