package io.zonecast.ingest.stream;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients that Streams works with, as it would have made them itself; {@link TableProgress}
 * hears what it cannot see from inside the topology: what has been polled, where the table's
 * consumer stands (a processor learns of no offset that has no record, as a transaction's marker),
 * and which offsets our own records were given.
 */
final class ObservedClients implements KafkaClientSupplier {
  private final String table;
  private final String updates;
  private final TableProgress progress;

  ObservedClients(String table, TableProgress progress) {
    this.table = table;
    this.updates = ZoneTopic.updatesOf(table);
    this.progress = progress;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new ObservedProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new ObservedConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return getRestoreConsumer(config);
  }

  private final class ObservedConsumer extends KafkaConsumer<byte[], byte[]> {
    ObservedConsumer(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
      for (TopicPartition partition : assignment()) {
        List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
        if (partition.topic().equals(table)) {
          PartitionProgress rows = progress.of(partition.partition());
          records.forEach(row -> rows.polledRow(row.offset()));
          rows.polledTo(positionOf(partition));
        } else if (partition.topic().equals(updates) && !records.isEmpty()) {
          progress
              .of(partition.partition())
              .polledUpdates(records.get(records.size() - 1).offset());
        }
      }
      return polled;
    }

    /** Streams asks before each task begins. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
      Map<TopicPartition, OffsetAndMetadata> committed = super.committed(partitions);
      for (TopicPartition partition : partitions) {
        if (partition.topic().equals(updates)) {
          progress.of(partition.partition()).groupHasOffset(committed.get(partition) != null);
        }
      }
      return committed;
    }

    private OptionalLong positionOf(TopicPartition partition) {
      try {
        return OptionalLong.of(position(partition, Duration.ZERO));
      } catch (TimeoutException | InvalidOffsetException e) {
        // Not yet, as while a committed offset is being fetched.
        return OptionalLong.empty();
      }
    }
  }

  private final class ObservedProducer extends KafkaProducer<byte[], byte[]> {
    ObservedProducer(Map<String, Object> config) {
      super(
          KeyPartition.producerSettings(config),
          new ByteArraySerializer(),
          new ByteArraySerializer());
    }

    @Override
    public Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      if (!record.topic().equals(table)) {
        return super.send(record, callback);
      }
      return super.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              progress.of(metadata.partition()).acknowledged(metadata.offset());
            }
            if (callback != null) {
              callback.onCompletion(metadata, failure);
            }
          });
    }
  }
}
