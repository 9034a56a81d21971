package io.zonecast.schemas.serde;

import io.zonecast.schemas.registry.SecretReferences;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.schemas.wire.RowEncoder;
import io.zonecast.schemas.wire.RowSerde;
import io.zonecast.schemas.wire.SchemaIds;
import io.zonecast.schemas.wire.ZoneRowDecoder;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.util.Map;
import java.util.function.Supplier;
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

  /** Rows under the bundle's ids, with our own classes. */
  public static RowSerde bundled() {
    BundledSchemas bundle = BundledSchemas.load();
    return new RowSerde() {
      @Override
      public RowEncoder encoder() {
        return new ZoneRowEncoder(bundle.latestId());
      }

      @Override
      public RowDecoder decoder() {
        return new ZoneRowDecoder(bundle);
      }
    };
  }

  /**
   * Rows for a caller that gives up at the first exception: a registry out of reach is asked again,
   * within the configured retries.
   *
   * @param producer the configuration of the producers of {@code topic}
   * @param consumer the configuration of its consumers
   */
  public static RowSerde of(Map<String, ?> producer, Map<String, ?> consumer, String topic) {
    return new RowSerde() {
      @Override
      public RowEncoder encoder() {
        return RowSerdes.encoder(producer, topic);
      }

      @Override
      public RowDecoder decoder() {
        Map<String, Object> configs = SecretReferences.resolve(consumer);
        return RowSerdes.decoder(configs, topic, ConfiguredSchemaIds.retrying(configs, false));
      }
    };
  }

  /**
   * Makes an encoder of rows for {@code topic}. Asks the registry for the id at once where one is
   * configured, again and again within the configured retries, so that a refusal comes before the
   * first row.
   *
   * @param producer the producer's configuration
   */
  public static RowEncoder encoder(Map<String, ?> producer, String topic) {
    Map<String, Object> configs = SecretReferences.resolve(producer);
    Object named = configs.get(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
    if (named == null || isOurs(named, ZoneRowSerializer.class)) {
      return new ZoneRowEncoder(
          ConfiguredSchemaIds.retrying(configs, false).idOf(topic, BundledSchemas.load().latest()));
    }
    // A serializer of Avro records has no type of its own to say so: Confluent's is of Object.
    @SuppressWarnings("unchecked")
    Serializer<Object> serializer =
        (Serializer<Object>)
            instantiate(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, named, Serializer.class);
    serializer.configure(configs, false);
    return new SerializerRowEncoder(serializer, topic);
  }

  /**
   * Makes a decoder of the values of {@code topic}, as {@link #decoders} does.
   *
   * @param consumer the consumer's configuration
   */
  public static RowDecoder decoder(Map<String, ?> consumer, String topic) {
    return decoders(consumer, topic).get();
  }

  /**
   * Returns what makes decoders of the values of {@code topic}, one for each thread. With our own
   * classes, what one of them has learnt of schemas they all know, and no call waits for a registry
   * for longer than a moment: callers ask again by themselves while it is out of reach.
   *
   * @param consumer the consumer's configuration
   */
  public static Supplier<RowDecoder> decoders(Map<String, ?> consumer, String topic) {
    Map<String, Object> configs = SecretReferences.resolve(consumer);
    SchemaIds ids = ConfiguredSchemaIds.inTheBackground(configs);
    return () -> decoder(configs, topic, ids);
  }

  private static RowDecoder decoder(Map<String, Object> configs, String topic, SchemaIds ids) {
    Object named = configs.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    if (named == null || isOurs(named, ZoneRowDeserializer.class)) {
      return new ZoneRowDecoder(ids);
    }
    Deserializer<?> deserializer =
        instantiate(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, named, Deserializer.class);
    AvroTrust.inOurRecords();
    deserializer.configure(configs, false);
    return new DeserializerRowDecoder(deserializer, topic);
  }

  static boolean isOurs(Object named, Class<?> ours) {
    return named.equals(ours) || named.equals(ours.getName());
  }

  static <T> T instantiate(String option, Object named, Class<T> wanted) {
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
          "cannot be used as a %s (%s); are its jar and those it needs in ext/?"
              .formatted(wanted.getSimpleName(), e));
    }
  }
}
