package io.zonecast.schemas.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Remembers every answer, for ever: a registry that is down does not stop who has asked it before.
 * Refusals and failures are not remembered. There are as many entries as schemas in use.
 */
public final class CachedSchemaIds implements SchemaIds {
  private final SchemaIds source;
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Written, Integer> ids = new ConcurrentHashMap<>();

  public CachedSchemaIds(SchemaIds source) {
    this.source = source;
  }

  @Override
  public Schema schemaOf(int id) {
    // Not computeIfAbsent, which would lock others out while a slow registry is asked.
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    Schema found = source.schemaOf(id);
    schemas.put(id, found);
    return found;
  }

  @Override
  public int idOf(String topic, Schema schema) {
    Written written = new Written(topic, schema);
    Integer known = ids.get(written);
    if (known != null) {
      return known;
    }
    int given = source.idOf(topic, schema);
    ids.put(written, given);
    return given;
  }

  @Override
  public String toString() {
    return "remembered answers of " + source;
  }

  /** Schemas keep their hash, so that a lookup costs little. */
  private record Written(String topic, Schema schema) {}
}
