package io.zonecast.bench.publish;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.EncodedRows;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The same keys and values, encoded beforehand, in one transaction with the settings that
 * publishing uses: what Kafka takes at most.
 */
final class BareProducer implements Contestant {
  private final String bootstrapServers;
  private final EncodedRows rows;
  private BenchTopic topic;

  BareProducer(String bootstrapServers, EncodedRows rows) {
    this.bootstrapServers = bootstrapServers;
    this.rows = rows;
    this.topic = newTopic();
  }

  @Override
  public String name() {
    return "bare producer, pre-encoded";
  }

  @Override
  public void prepare() {
    topic = newTopic().create();
  }

  @Override
  public Measurement run() {
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer = topic.transactionalProducer()) {
      producer.beginTransaction();
      for (int i = 0; i < rows.count(); i++) {
        topic.send(producer, rows.key(i), rows.value(i));
      }
      producer.commitTransaction();
    }
    return Measurement.since(start, rows.count());
  }

  private BenchTopic newTopic() {
    return new BenchTopic(bootstrapServers, "bench-bare-" + UUID.randomUUID());
  }
}
