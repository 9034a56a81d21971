package io.zonecast.app.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * What Kafka's clients are configured with: the bootstrap servers, and whatever the settings file
 * passes on. {@code kafka.X} goes to every client; {@code kafka.producer.X}, {@code
 * kafka.consumer.X} and {@code kafka.streams.X} go to one kind, over it. Values may be secrets, or
 * say where one is: {@code ${env:NAME}}, {@code ${file:/path:key}} and {@code
 * ${directory:/path:file}} work unless {@code kafka.config.providers} names other providers.
 */
public final class KafkaSettings {
  private static final String PRODUCER = "producer.";
  private static final String CONSUMER = "consumer.";
  private static final String STREAMS = "streams.";

  // Reporting metrics over JMX, and to brokers that subscribe (KIP-714), takes each start a tenth
  // of a second. Who wants them sets kafka.metric.reporters or kafka.enable.metrics.push.
  private static final Map<String, String> UNASKED =
      Map.of("metric.reporters", "", "enable.metrics.push", "false");

  private static final String PROVIDERS = "config.providers";
  private static final String REFERENCE = "${";
  private static final Map<String, String> KAFKAS_PROVIDERS =
      Map.of(
          PROVIDERS,
          "env,file,directory",
          PROVIDERS + ".env.class",
          EnvVarConfigProvider.class.getName(),
          PROVIDERS + ".file.class",
          FileConfigProvider.class.getName(),
          PROVIDERS + ".directory.class",
          DirectoryConfigProvider.class.getName());

  private final String bootstrapServers;
  private final Map<String, String> passedOn;

  KafkaSettings(String bootstrapServers, Map<String, String> passedOn) {
    this.bootstrapServers = bootstrapServers;
    this.passedOn = new TreeMap<>(passedOn);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public Map<String, Object> admin() {
    return client("");
  }

  public Map<String, Object> producer() {
    return client(PRODUCER);
  }

  public Map<String, Object> consumer() {
    return client(CONSUMER);
  }

  public Map<String, Object> streams() {
    return client(STREAMS);
  }

  /** A new, modifiable map: the commands lay what must hold over it. */
  private Map<String, Object> client(String kind) {
    Map<String, Object> client = new HashMap<>(UNASKED);
    client.put("bootstrap.servers", bootstrapServers);
    passedOn.forEach(
        (key, value) -> {
          if (!ofOneKind(key)) {
            client.put(key, value);
          }
        });
    if (!kind.isEmpty()) {
      passedOn.forEach(
          (key, value) -> {
            if (key.startsWith(kind)) {
              client.put(key.substring(kind.length()), value);
            }
          });
    }
    if (!client.containsKey(PROVIDERS)
        && client.values().stream().anyMatch(value -> value.toString().contains(REFERENCE))) {
      client.putAll(KAFKAS_PROVIDERS);
    }
    return client;
  }

  private static boolean ofOneKind(String key) {
    return key.startsWith(PRODUCER) || key.startsWith(CONSUMER) || key.startsWith(STREAMS);
  }

  /** Without the values. */
  @Override
  public String toString() {
    return "Kafka at " + bootstrapServers + " with " + passedOn.keySet();
  }
}
