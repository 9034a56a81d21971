package io.zonecast.schemas.wire;

import org.apache.avro.Schema;

/**
 * A registry beside the bundle: ids that are the bundle's are always read from it, whatever the
 * registry says or whether it answers, and new values get the registry's.
 */
public record BundleFirst(BundledSchemas bundle, SchemaIds registry) implements SchemaIds {

  @Override
  public Schema schemaOf(int id) {
    return BundledSchemas.owns(id) ? bundle.schemaOf(id) : registry.schemaOf(id);
  }

  @Override
  public int idOf(String topic, Schema schema) {
    return registry.idOf(topic, schema);
  }

  @Override
  public String toString() {
    return "the bundle, then " + registry;
  }
}
