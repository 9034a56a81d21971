package io.zonecast.ingest.publish;

import java.util.HashMap;
import java.util.Map;

/**
 * Plain Kafka client properties: {@code bootstrap.servers}, security, and whatever else the user
 * sets. What a publish depends on (serializers, isolation, the transaction) is set over them.
 */
public record ClientSettings(
    Map<String, Object> admin, Map<String, Object> consumer, Map<String, Object> producer) {
  public ClientSettings {
    admin = Map.copyOf(admin);
    consumer = Map.copyOf(consumer);
    producer = Map.copyOf(producer);
  }

  /** The same for all three clients. */
  public static ClientSettings of(Map<String, Object> common) {
    return new ClientSettings(common, common, common);
  }

  /** Values may hold passwords, so that only names are shown. */
  @Override
  public String toString() {
    return "ClientSettings(admin %s, consumer %s, producer %s)"
        .formatted(admin.keySet(), consumer.keySet(), producer.keySet());
  }

  static Map<String, Object> layered(
      Map<String, Object> defaults, Map<String, Object> user, Map<String, Object> required) {
    Map<String, Object> all = new HashMap<>(defaults);
    all.putAll(user);
    all.putAll(required);
    return all;
  }
}
