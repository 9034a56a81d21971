package io.zonecast.schemas.serde;

import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UpdateDecoder;
import io.zonecast.schemas.wire.WireFormat;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Updates by any Kafka {@link Deserializer} of Avro records, ours or another, as {@link ZoneUpdate}
 * or as generic records.
 */
record DeserializerUpdateDecoder(Deserializer<?> deserializer, String topic)
    implements UpdateDecoder {

  @Override
  public ZoneUpdate decode(byte[] value) {
    // Ours first: without the framing there is no id to wait for.
    int id = WireFormat.schemaId(value, 0, value.length);
    IndexedRecord read = read(id, value);
    return read instanceof ZoneUpdate update ? update : fromFieldsOf(id, read);
  }

  private IndexedRecord read(int id, byte[] value) {
    try {
      return ForeignRecords.read(deserializer, topic, id, value);
    } catch (ConfigException e) {
      if (deserializer instanceof AvroDeserializer) {
        throw ForeignFailure.judge(id, deserializer.getClass().getName(), e);
      }
      throw e;
    }
  }

  private static ZoneUpdate fromFieldsOf(int id, IndexedRecord record) {
    if (!UpdateSerdes.isUpdate(record)) {
      throw new UndecodableValueException(
          "schema id %s is of a %s, not of an update"
              .formatted(id, record.getSchema().getFullName()));
    }
    return new ZoneUpdate(
        required(id, record, "id"),
        required(id, record, "op"),
        required(id, record, "carrier"),
        required(id, record, "origin"),
        required(id, record, "destination"),
        text(record, "zone"),
        text(record, "flags"),
        date(ForeignRecords.field(record, "effectiveDate")),
        required(id, record, "requestedBy"),
        instant(id, ForeignRecords.field(record, "requestedAt")));
  }

  private static String required(int id, IndexedRecord record, String name) {
    String text = text(record, name);
    if (text == null) {
      throw new UndecodableValueException("schema id " + id + ": the update has no " + name);
    }
    return text;
  }

  private static @Nullable String text(IndexedRecord record, String name) {
    Object value = ForeignRecords.field(record, name);
    return value == null ? null : value.toString();
  }

  private static @Nullable LocalDate date(@Nullable Object value) {
    if (value instanceof Integer epochDay) {
      return LocalDate.ofEpochDay(epochDay);
    }
    return value instanceof LocalDate date ? date : null;
  }

  private static Instant instant(int id, @Nullable Object value) {
    if (value instanceof Long millis) {
      return Instant.ofEpochMilli(millis);
    }
    if (value instanceof Instant instant) {
      return instant;
    }
    throw new UndecodableValueException("schema id " + id + ": the update has no requestedAt");
  }

  @Override
  public String toString() {
    return "updates by " + deserializer.getClass().getName();
  }
}
