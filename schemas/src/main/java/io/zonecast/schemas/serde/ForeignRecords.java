package io.zonecast.schemas.serde;

import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Avro records by any Kafka deserializer: what fails leads where our own classes' failures lead.
 */
final class ForeignRecords {
  private ForeignRecords() {}

  static IndexedRecord read(Deserializer<?> deserializer, String topic, int id, byte[] value) {
    String name = deserializer.getClass().getName();
    Object read;
    try {
      read = deserializer.deserialize(topic, new RecordHeaders(), value);
    } catch (ConfigException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw ForeignFailure.judge(id, name, e);
    }
    if (read instanceof IndexedRecord record) {
      return record;
    }
    throw new ConfigException(
        "value.deserializer",
        name,
        "it gives %s, an Avro record is wanted"
            .formatted(read == null ? "null" : read.getClass().getName()));
  }

  /** A field's value; null if it is absent. */
  static @Nullable Object field(IndexedRecord record, String name) {
    Schema.@Nullable Field field = record.getSchema().getField(name);
    return field == null ? null : record.get(field.pos());
  }
}
