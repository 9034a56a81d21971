package io.zonecast.schemas.serde;

import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.avro.generic.IndexedRecord;
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
    IndexedRecord row = ForeignRecords.read(deserializer, topic, id, bytes);
    into.carrier().setText(ForeignRecords.field(row, "carrier"));
    into.origin().setText(ForeignRecords.field(row, "origin"));
    into.destination().setText(ForeignRecords.field(row, "destination"));
    into.zone().setText(ForeignRecords.field(row, "zone"));
    into.flags().setText(ForeignRecords.field(row, "flags"));
    setDate(into, ForeignRecords.field(row, "effectiveDate"));
    String problem = into.problem();
    if (problem != null) {
      throw new UndecodableValueException("schema id " + id + ": " + problem);
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
