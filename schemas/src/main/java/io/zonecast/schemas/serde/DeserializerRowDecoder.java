package io.zonecast.schemas.serde;

import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.Utf8Slice;
import io.zonecast.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Rows by any Kafka {@link Deserializer} of Avro records, specific or generic, as Confluent's
 * KafkaAvroDeserializer. Slower than {@link io.zonecast.schemas.wire.ZoneRowDecoder}, and held to
 * the same rules. A deserializer that looks for the schema id in a record's headers finds none.
 *
 * @param deserializer configured, and from now on the decoder's alone
 */
public record DeserializerRowDecoder(Deserializer<?> deserializer, String topic)
    implements RowDecoder {

  @Override
  public void decode(ByteBuffer value, RowFields into) {
    byte[] bytes = new byte[value.remaining()];
    value.get(value.position(), bytes);
    // Ours first: without the framing there is no id to wait for.
    int id = WireFormat.schemaId(bytes, 0, bytes.length);
    Object decoded = deserialize(id, bytes);
    if (!(decoded instanceof IndexedRecord row)) {
      throw new ConfigException(
          "value.deserializer",
          deserializer.getClass().getName(),
          "it gives "
              + (decoded == null ? "null" : decoded.getClass().getName())
              + ", an Avro record is wanted");
    }
    set(into.carrier(), field(row, "carrier"));
    set(into.origin(), field(row, "origin"));
    set(into.destination(), field(row, "destination"));
    set(into.zone(), field(row, "zone"));
    set(into.flags(), field(row, "flags"));
    setDate(into, field(row, "effectiveDate"));
    String problem = into.problem();
    if (problem != null) {
      throw new UndecodableValueException("schema id " + id + ": " + problem);
    }
  }

  private @Nullable Object deserialize(int id, byte[] bytes) {
    try {
      return deserializer.deserialize(topic, new RecordHeaders(), bytes);
    } catch (ConfigException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw ForeignFailure.judge(id, deserializer.getClass().getName(), e);
    }
  }

  private static @Nullable Object field(IndexedRecord row, String name) {
    Schema.@Nullable Field field = row.getSchema().getField(name);
    return field == null ? null : row.get(field.pos());
  }

  private static void set(Utf8Slice slice, @Nullable Object text) {
    if (text == null) {
      slice.setNull();
    } else if (text instanceof Utf8 utf8) {
      slice.set(utf8.getBytes(), 0, utf8.getByteLength());
    } else {
      slice.set(text.toString());
    }
  }

  private static void setDate(RowFields into, @Nullable Object date) {
    if (date instanceof Integer epochDay) {
      into.date(epochDay);
    } else if (date instanceof LocalDate day) {
      into.date((int) day.toEpochDay());
    } else {
      into.undated();
    }
  }

  @Override
  public String toString() {
    return "DeserializerRowDecoder(" + deserializer.getClass().getName() + ")";
  }
}
