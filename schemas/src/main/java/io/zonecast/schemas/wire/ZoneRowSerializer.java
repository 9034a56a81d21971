package io.zonecast.schemas.wire;

import io.zonecast.schemas.ZoneRow;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * {@link ZoneRow} in the Confluent wire format, for Kafka's {@code value.serializer}. A null row is
 * a tombstone.
 */
public final class ZoneRowSerializer implements Serializer<ZoneRow> {
  private final RowFields fields = new RowFields();
  private final ZoneRowEncoder encoder;

  public ZoneRowSerializer() {
    this.encoder = new ZoneRowEncoder(BundledSchemas.load().latestId());
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "key.serializer",
          getClass().getName(),
          "a zone row's key is text, carrier:origin:destination; use StringSerializer");
    }
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable ZoneRow row) {
    if (row == null) {
      return null;
    }
    try {
      fields.set(row);
      return encoder.encode(fields);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SerializationException("row for topic " + topic + ": " + e.getMessage(), e);
    }
  }
}
