package io.zonecast.schemas.serde;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * {@link ZoneRow} from the Confluent wire format, for Kafka's {@code value.deserializer}: of
 * bundled ids, and of a registry's where {@code schema.registry.url} is set. A tombstone is a null
 * row.
 */
public final class ZoneRowDeserializer implements Deserializer<@Nullable ZoneRow> {
  private final RowFields fields = new RowFields();
  private ZoneRowDecoder decoder = new ZoneRowDecoder(BundledSchemas.load());

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "key.deserializer",
          getClass().getName(),
          "a zone row's key is text, carrier:origin:destination; use StringDeserializer");
    }
    decoder = new ZoneRowDecoder(ConfiguredSchemaIds.retrying(configs, false));
  }

  @Override
  public @Nullable ZoneRow deserialize(String topic, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    decoder.decode(value, 0, value.length, fields);
    return fields.toZoneRow();
  }

  @Override
  public @Nullable ZoneRow deserialize(String topic, Headers headers, @Nullable ByteBuffer value) {
    if (value == null) {
      return null;
    }
    decoder.decode(value, fields);
    return fields.toZoneRow();
  }
}
