package io.zonecast.app.command;

import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.ingest.publish.ClientSettings;
import io.zonecast.schemas.topic.ReaderSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the Kafka clients that a command needs, from its settings. */
public final class KafkaClients {
  /** A person waits: a minute, Kafka's default, is long for "is it up?". */
  private static final String ADMIN_TIMEOUT_MS = "15000";

  private final Map<String, Object> adminSettings;
  private final Map<String, Object> consumerSettings;
  private final String clientId;

  public KafkaClients(KafkaSettings settings, String command) {
    this(settings.admin(), settings.consumer(), command);
  }

  /** The settings of a command that publishes, or reads what was published. */
  static ClientSettings ofPublishing(KafkaSettings settings, String command) {
    return new ClientSettings(
        new KafkaClients(settings, command).adminSettings(),
        settings.consumer(),
        settings.producer());
  }

  /** The same for all clients. */
  public KafkaClients(Map<String, Object> settings, String command) {
    this(settings, settings, command);
  }

  private KafkaClients(
      Map<String, Object> adminSettings, Map<String, Object> consumerSettings, String command) {
    this.adminSettings = Map.copyOf(adminSettings);
    this.consumerSettings = Map.copyOf(consumerSettings);
    this.clientId = "zonecast-" + command;
  }

  public Admin admin() {
    return Admin.create(adminSettings());
  }

  Map<String, Object> adminSettings() {
    Map<String, Object> admin = new HashMap<>();
    admin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS);
    admin.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS);
    admin.putAll(adminSettings);
    admin.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
    return admin;
  }

  /** A consumer that belongs to no group and commits nothing. */
  public Consumer<byte[], byte[]> reader(IsolationLevel isolation) {
    Map<String, Object> reader = ReaderSettings.of(consumerSettings, isolation);
    reader.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    return new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
