package io.zonecast.schemas.registry;

import io.zonecast.schemas.wire.SchemaIds;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;

/** The ids that a registry gives, under subjects named after topics. */
public final class RegistrySchemaIds implements SchemaIds {
  private final RegistryClient registry;
  private final Writing writing;
  private final String subjectSuffix;

  /** How a writer comes by an id. */
  public enum Writing {
    /** The writer's schema is registered if it is not there yet. */
    AUTO_REGISTER,
    /** The writer's schema must be there. */
    LOOK_UP,
    /** The latest version's id is used; it must lay out its bytes as the writer's schema does. */
    USE_LATEST
  }

  /**
   * Makes a source of ids.
   *
   * @param isKey whether the schemas are those of keys, not of values
   */
  public RegistrySchemaIds(RegistryClient registry, Writing writing, boolean isKey) {
    this.registry = registry;
    this.writing = writing;
    this.subjectSuffix = isKey ? "-key" : "-value";
  }

  /** Returns the subject of the values of {@code topic}: {@code zones-value}. */
  public static String valueSubjectOf(String topic) {
    return topic + "-value";
  }

  @Override
  public Schema schemaOf(int id) {
    return registry.schemaOf(id);
  }

  @Override
  public int idOf(String topic, Schema schema) {
    String subject = topic + subjectSuffix;
    return switch (writing) {
      // Looked up first: where it is there already, no right to write is needed.
      case AUTO_REGISTER ->
          registry
              .find(subject, schema)
              .map(RegisteredSchema::id)
              .orElseGet(() -> registry.register(subject, schema));
      case LOOK_UP -> lookUp(subject, schema);
      case USE_LATEST -> latest(subject, schema);
    };
  }

  private int lookUp(String subject, Schema schema) {
    return registry
        .find(subject, schema)
        .map(RegisteredSchema::id)
        .orElseThrow(
            () ->
                new SerializationException(
                    ("the schema of %s is not under subject %s at %s, and"
                            + " auto.register.schemas is false; run \"zonecast schemas"
                            + " register\"")
                        .formatted(schema.getFullName(), subject, registry)));
  }

  private int latest(String subject, Schema schema) {
    RegisteredSchema latest =
        registry
            .latest(subject)
            .orElseThrow(
                () ->
                    new SerializationException(
                        ("there is no subject %s at %s, and use.latest.version is"
                                + " true; run \"zonecast schemas register\"")
                            .formatted(subject, registry)));
    if (!SchemaNormalization.toParsingForm(latest.schema())
        .equals(SchemaNormalization.toParsingForm(schema))) {
      throw new SerializationException(
          ("version %s (id %s), the latest of subject %s at %s, has other fields than"
                  + " the %s to be written, and use.latest.version is true; set it to false, or"
                  + " register the schema in use with \"zonecast schemas register\"")
              .formatted(latest.version(), latest.id(), subject, registry, schema.getFullName()));
    }
    return latest.id();
  }

  @Override
  public String toString() {
    return registry.toString();
  }
}
