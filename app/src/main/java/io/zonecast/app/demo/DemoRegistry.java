package io.zonecast.app.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.registry.SubjectCheck;
import io.zonecast.schemas.registry.ZoneSubject;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The schema registry of a demo ({@code --registry}), and the proof that its ids were used. */
final class DemoRegistry {
  private static final Duration PROOF_LIMIT = Duration.ofSeconds(30);

  private final String url;
  private final RegistrySettings settings;
  private final ZoneSubject subject;

  private DemoRegistry(String url, RegistrySettings settings) {
    this.url = url;
    this.settings = settings;
    this.subject =
        new ZoneSubject(settings.client(), BundledSchemas.load(), ZoneTopic.DEFAULT_NAME);
  }

  /** The registry at {@code url}; empty if that is null. */
  static Optional<DemoRegistry> at(@Nullable String url) {
    return url == null
        ? Optional.empty()
        : RegistrySettings.from(Map.of(RegistrySettings.URL, url))
            .map(settings -> new DemoRegistry(url, settings));
  }

  /** The settings by which the clients use it. */
  Map<String, Object> clientSettings() {
    return Map.of(RegistrySettings.URL, url);
  }

  /** Its addresses, fit to be shown. */
  String shown() {
    return settings.addresses().stream().map(URI::toString).collect(Collectors.joining(","));
  }

  /**
   * Asks what it has, and makes nothing of it: one that is not there is told of before anything has
   * been started.
   */
  void mustAnswer() {
    subject.level();
  }

  /**
   * What the registry and a record of the topic say of the same schema.
   *
   * @param key the record's
   * @param idBytes bytes 1 to 4 of its value, in hex
   */
  record Proof(SubjectCheck.Registered registered, String key, String idBytes) {
    ObjectNode json() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("subject", registered.subject())
          .put("version", registered.version())
          .put("id", registered.id())
          .put("key", key)
          .put("idBytes", idBytes);
    }
  }

  /** Holds the first record that {@code consumer} finds against the registry. */
  Proof prove(Consumer<byte[], byte[]> consumer, TopicInfo topic) throws IOException {
    if (!(subject.check() instanceof SubjectCheck.Registered registered)) {
      throw new IOException(subject + " does not have the schema of what was published");
    }
    ConsumerRecord<byte[], byte[]> record = firstRow(consumer, topic);
    byte[] value = record.value();
    if (WireFormat.schemaId(value, 0, value.length) != registered.id()) {
      throw new IOException(
          "a record has schema id %d, %s has %d"
              .formatted(WireFormat.schemaId(value, 0, value.length), subject, registered.id()));
    }
    return new Proof(
        registered,
        new String(record.key(), StandardCharsets.UTF_8),
        HexFormat.ofDelimiter(" ").formatHex(value, 1, WireFormat.HEADER_LENGTH));
  }

  private static ConsumerRecord<byte[], byte[]> firstRow(
      Consumer<byte[], byte[]> consumer, TopicInfo topic) throws IOException {
    consumer.assign(TopicEnds.partitions(topic.name(), topic.partitions()));
    consumer.seekToBeginning(consumer.assignment());
    long deadline = System.nanoTime() + PROOF_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        if (record.value() != null) {
          return record;
        }
      }
    }
    throw new IOException(
        "topic %s gave no record in %d s".formatted(topic.name(), PROOF_LIMIT.toSeconds()));
  }
}
