package io.zonecast.schemas.serde;

import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Rows to bytes and back, by a Kafka client's configuration: with the fast classes of our own, or,
 * where {@code value.serializer} or {@code value.deserializer} names another class, with that.
 */
public final class RowSerdes {
  private RowSerdes() {}

  /**
   * Makes an encoder of rows for {@code topic}. Asks the registry for the id at once where one is
   * configured, again and again within the configured retries, so that a refusal comes before the
   * first row.
   *
   * @param configs the producer's configuration
   */
  public static RowEncoder encoder(Map<String, ?> configs, String topic) {
    Object named = configs.get(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
    if (named == null || isOurs(named, ZoneRowSerializer.class)) {
      return new ZoneRowEncoder(
          ConfiguredSchemaIds.retrying(configs, false).idOf(topic, BundledSchemas.load().latest()));
    }
    // Serializers are contravariant: one of Avro records says Serializer<Object>, or is cast to it.
    @SuppressWarnings("unchecked")
    Serializer<Object> serializer =
        (Serializer<Object>)
            instantiate(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, named, Serializer.class);
    serializer.configure(configs, false);
    return new SerializerRowEncoder(serializer, topic);
  }

  /**
   * Makes a decoder of the values of {@code topic}, for a caller that asks again by itself while a
   * registry is out of reach: no call waits longer than one question to it takes, and after a
   * failure none is asked for a second.
   *
   * @param configs the consumer's configuration
   */
  public static RowDecoder decoder(Map<String, ?> configs, String topic) {
    Object named = configs.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    if (named == null || isOurs(named, ZoneRowDeserializer.class)) {
      return new ZoneRowDecoder(ConfiguredSchemaIds.resting(configs));
    }
    Deserializer<?> deserializer =
        instantiate(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, named, Deserializer.class);
    AvroTrust.inZoneRow();
    deserializer.configure(configs, false);
    return new DeserializerRowDecoder(deserializer, topic);
  }

  private static boolean isOurs(Object named, Class<?> ours) {
    return named.equals(ours) || named.equals(ours.getName());
  }

  private static <T> T instantiate(String option, Object named, Class<T> wanted) {
    try {
      Class<?> type =
          named instanceof Class<?> given
              ? given
              : Class.forName(
                  named.toString(), true, Thread.currentThread().getContextClassLoader());
      return wanted.cast(type.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
      throw new ConfigException(
          option,
          named,
          "cannot be used as a "
              + wanted.getSimpleName()
              + " ("
              + e
              + "); are its jar and those it needs in ext/?");
    }
  }
}
