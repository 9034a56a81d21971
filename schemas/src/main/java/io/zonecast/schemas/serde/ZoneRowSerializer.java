package io.zonecast.schemas.serde;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * {@link ZoneRow} in the Confluent wire format, for Kafka's {@code value.serializer}: under a
 * bundled id, or a registry's where {@code schema.registry.url} is set. A null row is a tombstone.
 * Thread-safe, as producers want it.
 */
public final class ZoneRowSerializer implements Serializer<ZoneRow> {
  private final Schema schema;
  private SchemaIds ids;

  public ZoneRowSerializer() {
    BundledSchemas bundle = BundledSchemas.load();
    this.schema = bundle.latest();
    this.ids = bundle;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "key.serializer",
          getClass().getName(),
          "a zone row's key is text, carrier:origin:destination; use StringSerializer");
    }
    ids = ConfiguredSchemaIds.retrying(configs, false);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable ZoneRow row) {
    if (row == null) {
      return null;
    }
    try {
      RowFields fields = new RowFields();
      fields.set(row);
      return new ZoneRowEncoder(ids.idOf(topic, schema)).encode(fields);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SerializationException("row for topic " + topic + ": " + e.getMessage(), e);
    }
  }
}
