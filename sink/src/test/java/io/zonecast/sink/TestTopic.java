package io.zonecast.sink;

import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.fixture.BrokerMetadata;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.serde.ZoneRowSerializer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** A topic of a test's own, and what it ought to hold. */
final class TestTopic implements AutoCloseable {
  private final PlainTopic plain;
  private final int partitions;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ZoneRowSerializer serializer = new ZoneRowSerializer();
  private final Map<String, String> expected = new TreeMap<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  TestTopic(String bootstrapServers, int partitions) {
    this(bootstrapServers, "zones-" + UUID.randomUUID(), partitions);
  }

  /** Of this name, which is to be nobody else's. */
  TestTopic(String bootstrapServers, String name, int partitions) {
    this.plain = new PlainTopic(bootstrapServers, name);
    this.partitions = partitions;
    this.admin = plain.admin();
    serializer.configure(Map.of(), false);
    make();
    this.producer = plain.producer(Map.of());
  }

  PlainTopic plain() {
    return plain;
  }

  String name() {
    return plain.name();
  }

  int partitions() {
    return partitions;
  }

  String bootstrapServers() {
    return plain.bootstrapServers();
  }

  Admin admin() {
    return admin;
  }

  void make() {
    ZoneTopic.ensure(admin, name(), partitions);
  }

  void delete() {
    try {
      admin.deleteTopics(List.of(name())).all().get();
      BrokerMetadata.settle(admin);
      expected.clear();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets a row by its key, as {@code usps:005:010}. */
  void set(String key, String zone) {
    send(producer, key, zone);
    expected.put(key, zone);
    flush();
  }

  void remove(String key) {
    send(producer, key, null);
    expected.remove(key);
    flush();
  }

  void setMany(int rows, String zone) {
    for (int i = 0; i < rows; i++) {
      String key = "usps:%03d:%03d".formatted(i / 1000, i % 1000);
      send(producer, key, zone);
      expected.put(key, zone);
    }
    flush();
  }

  /** Sends something under this key that can be no entry, without waiting. */
  void sendUnreadable(String key) {
    sent.add(producer.send(new ProducerRecord<>(name(), ascii(key), ascii("no Avro"))));
  }

  void raw(String key, byte[] value, int partition) {
    sent.add(producer.send(new ProducerRecord<>(name(), partition, ascii(key), value)));
    flush();
  }

  /** As {@link #set} and {@link #remove}, without waiting; {@link #flush} waits. */
  void send(String key, @Nullable String zone) {
    send(producer, key, zone);
    if (zone == null) {
      expected.remove(key);
    } else {
      expected.put(key, zone);
    }
  }

  void flush() {
    producer.flush();
    try {
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      sent.clear();
    }
  }

  /** Sends in a transaction; what {@code work} sends is expected only if it is committed. */
  void transaction(
      String transactionalId,
      boolean commit,
      BiConsumer<TestTopic, KafkaProducer<byte[], byte[]>> work) {
    try (var transactional = plain.transactional(transactionalId)) {
      transactional.beginTransaction();
      work.accept(this, transactional);
      if (commit) {
        transactional.commitTransaction();
      } else {
        transactional.flush();
        transactional.abortTransaction();
      }
    }
  }

  void send(KafkaProducer<byte[], byte[]> by, String key, @Nullable String zone) {
    byte[] value = zone == null ? null : valueOf(key, zone);
    sent.add(by.send(new ProducerRecord<>(name(), ascii(key), value)));
  }

  byte[] valueOf(String key, String zone) {
    ZoneKey parts = ZoneKey.parse(key);
    ZoneRow row =
        ZoneRow.newBuilder()
            .setCarrier(parts.carrier())
            .setOrigin(parts.origin())
            .setDestination(parts.destination())
            .setZone(zone)
            .build();
    return Objects.requireNonNull(serializer.serialize(name(), row));
  }

  void expect(String key, String zone) {
    expected.put(key, zone);
  }

  /** The brokers have lost its record. */
  void forget(String key) {
    expected.remove(key);
  }

  Map<String, String> expected() {
    return Map.copyOf(expected);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
