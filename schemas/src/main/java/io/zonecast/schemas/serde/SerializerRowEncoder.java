package io.zonecast.schemas.serde;

import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowFields;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Rows by any Kafka {@link Serializer} of Avro records, as Confluent's KafkaAvroSerializer. It is
 * given generic records of the newest bundled schema, so that what it registers is what our own
 * classes register.
 */
public final class SerializerRowEncoder implements RowEncoder {
  private final Serializer<Object> serializer;
  private final String topic;
  private final Schema schema = BundledSchemas.load().latest();

  /**
   * Makes an encoder of values for {@code topic}.
   *
   * @param serializer configured, and from now on the encoder's alone
   */
  public SerializerRowEncoder(Serializer<Object> serializer, String topic) {
    this.serializer = serializer;
    this.topic = topic;
  }

  @Override
  public byte[] encode(RowFields row) {
    String problem = row.problem();
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    byte @Nullable [] value = serialize(record(row));
    if (value == null) {
      throw new SerializationException(
          serializer.getClass().getName() + " gives no bytes for a row of topic " + topic);
    }
    return value;
  }

  private GenericData.Record record(RowFields row) {
    GenericData.Record fields = new GenericData.Record(schema);
    fields.put("carrier", row.carrier().toString());
    fields.put("origin", row.origin().toString());
    fields.put("destination", row.destination().toString());
    fields.put("zone", row.zone().toString());
    if (!row.flags().isNull()) {
      fields.put("flags", row.flags().toString());
    }
    if (row.dated()) {
      fields.put("effectiveDate", row.effectiveEpochDay());
    }
    return fields;
  }

  private byte @Nullable [] serialize(GenericData.Record fields) {
    try {
      return serializer.serialize(topic, fields);
    } catch (ConfigException e) {
      throw e;
    } catch (RuntimeException e) {
      String said =
          "%s for topic %s says: %s"
              .formatted(serializer.getClass().getName(), topic, ForeignFailure.wordsOf(e));
      for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof RegistryUnavailableException known) {
          throw known;
        }
        if (t instanceof InterruptException interrupted) {
          throw interrupted;
        }
        if (t instanceof RetriableException || t instanceof IOException) {
          throw new RegistryUnavailableException(said, e);
        }
      }
      throw new SerializationException(said, e);
    }
  }

  @Override
  public String toString() {
    return "SerializerRowEncoder(" + serializer.getClass().getName() + ")";
  }
}
