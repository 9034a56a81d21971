package io.zonecast.schemas.serde;

import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.registry.SecretReferences;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.UpdateDecoder;
import io.zonecast.schemas.wire.UpdateEncoder;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Updates to bytes and back, by a Kafka client's configuration: with the classes of our own, or,
 * where {@code value.serializer} or {@code value.deserializer} names another class, with that. A
 * registry out of reach is asked again, within the configured retries.
 */
public final class UpdateSerdes {
  private UpdateSerdes() {}

  /**
   * Makes an encoder of updates for {@code topic}.
   *
   * @param producer the producer's configuration
   */
  public static UpdateEncoder encoder(Map<String, ?> producer, String topic) {
    Map<String, Object> configs = SecretReferences.resolve(producer);
    Object named = configs.get(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
    if (named == null || RowSerdes.isOurs(named, ZoneRowSerializer.class)) {
      AvroSerializer ours = new AvroSerializer();
      ours.configure(configs, false);
      return update -> written(ours.serialize(topic, update), ours, topic);
    }
    // A serializer of Avro records has no type of its own to say so: Confluent's is of Object.
    @SuppressWarnings("unchecked")
    Serializer<Object> theirs =
        (Serializer<Object>)
            RowSerdes.instantiate(
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, named, Serializer.class);
    theirs.configure(configs, false);
    return update -> written(theirs.serialize(topic, generic(update)), theirs, topic);
  }

  /**
   * The update as a foreign serializer gets it: Avro trusts none of our classes there, and our
   * class's schema says which Java type a string is, so that another schema would be registered.
   */
  private static GenericData.Record generic(ZoneUpdate update) {
    GenericData.Record record = new GenericData.Record(BundledSchemas.ofUpdates().latest());
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = update.get(update.getSchema().getField(field.name()).pos());
      if (value instanceof LocalDate date) {
        value = (int) date.toEpochDay();
      } else if (value instanceof Instant instant) {
        value = instant.toEpochMilli();
      }
      record.put(field.pos(), value);
    }
    return record;
  }

  /**
   * Makes a decoder of the values of {@code topic}.
   *
   * @param consumer the consumer's configuration
   */
  public static UpdateDecoder decoder(Map<String, ?> consumer, String topic) {
    Map<String, Object> configs = new HashMap<>(SecretReferences.resolve(consumer));
    Object named = configs.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    AvroTrust.inOurRecords();
    if (named == null || RowSerdes.isOurs(named, ZoneRowDeserializer.class)) {
      configs.put(AvroDeserializer.SPECIFIC_READER, true);
      AvroDeserializer ours = new AvroDeserializer();
      ours.configure(configs, false);
      return new DeserializerUpdateDecoder(ours, topic);
    }
    Deserializer<?> theirs =
        RowSerdes.instantiate(
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, named, Deserializer.class);
    theirs.configure(configs, false);
    return new DeserializerUpdateDecoder(theirs, topic);
  }

  private static byte[] written(byte @Nullable [] value, Serializer<?> serializer, String topic) {
    if (value == null) {
      throw new SerializationException(
          serializer.getClass().getName() + " gives no bytes for an update of topic " + topic);
    }
    return value;
  }

  /** Whether {@code record} is an update, of our class or a foreign one. */
  static boolean isUpdate(IndexedRecord record) {
    return record.getSchema().getFullName().equals(ZoneUpdate.getClassSchema().getFullName());
  }
}
