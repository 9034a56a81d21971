package io.zonecast.ingest.stream;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.wire.UpdateEncoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Asks for changes: writes updates to their topic, each under the key of its row, for a stream to
 * take. For one thread.
 */
public final class UpdateSender implements AutoCloseable {
  private final String topic;
  private final UpdateEncoder encoder;
  private final Producer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  private UpdateSender(String topic, UpdateEncoder encoder, Producer<byte[], byte[]> producer) {
    this.topic = topic;
    this.encoder = encoder;
    this.producer = producer;
  }

  /**
   * Makes the topic of updates of {@code table} if it is not there, and opens a producer for it.
   *
   * @param settings the producer's
   * @param partitions how many {@code table} has
   * @throws io.zonecast.schemas.TopicUnfitException if the topic is not what it must be
   */
  public static UpdateSender open(
      Admin admin, Map<String, Object> settings, String table, int partitions) {
    TopicInfo updates = ZoneTopic.ensureUpdates(admin, table, partitions);
    UpdateEncoder encoder = UpdateSerdes.encoder(settings, updates.name());
    Map<String, Object> producer = KeyPartition.producerSettings(settings);
    // The serializers are ours; a registry's settings are not the producer's.
    producer.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
    // Who asks for one change does not wait for the next.
    producer.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
    producer.put(ProducerConfig.ACKS_CONFIG, "all");
    producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new UpdateSender(
        updates.name(),
        encoder,
        new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /**
   * Sends an update; {@link #flush} waits for it.
   *
   * @return where it lies, once the brokers have it
   */
  public Future<RecordMetadata> send(ZoneUpdate update) {
    return producer.send(
        new ProducerRecord<>(topic, UpdateRules.key(update), encoder.encode(update)),
        (metadata, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
          }
        });
  }

  /**
   * Waits until the brokers have all that was sent.
   *
   * @throws KafkaException if they do not take something
   */
  public void flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw failed instanceof KafkaException kafka ? kafka : new KafkaException(failed);
    }
  }

  /**
   * How many members a stream's group has; 0 also where no one knows the group.
   *
   * @throws KafkaException if the brokers cannot be asked
   */
  public static int members(Admin admin, String group) {
    try {
      return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
          .mapToInt(described -> described.members().size())
          .sum();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** The topic that it writes to. */
  public String topic() {
    return topic;
  }

  @Override
  public void close() {
    producer.close();
  }
}
