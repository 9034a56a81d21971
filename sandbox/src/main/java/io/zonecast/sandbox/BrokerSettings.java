package io.zonecast.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a broker is started with beyond the sandbox's defaults.
 *
 * @param listeners further listeners for clients, by name, each with its security protocol
 *     (PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL); each gets a free port of its own, found again by
 *     {@link KafkaBroker#bootstrapServers(String)}
 * @param properties Kafka broker properties, which win over the defaults
 * @param heap the broker JVM's -Xmx, as {@code 256m}
 */
public record BrokerSettings(
    Map<String, String> listeners, Map<String, String> properties, String heap) {

  /** One plain-text listener, one replica of everything, 256 MB of heap. */
  public static final BrokerSettings DEFAULT = new BrokerSettings(Map.of(), Map.of(), "256m");

  public BrokerSettings {
    listeners = Map.copyOf(listeners);
    properties = Map.copyOf(properties);
  }

  /** These settings and a listener named {@code name}, as {@code SECURE}, for clients. */
  public BrokerSettings withListener(String name, String securityProtocol) {
    return new BrokerSettings(plus(listeners, name, securityProtocol), properties, heap);
  }

  /** These settings with a broker property set. */
  public BrokerSettings with(String property, String value) {
    return new BrokerSettings(listeners, plus(properties, property, value), heap);
  }

  /** These settings with another heap, as {@code 512m}. */
  public BrokerSettings withHeap(String maxHeap) {
    return new BrokerSettings(listeners, properties, maxHeap);
  }

  /** All that a broker is told but for its listeners and where it keeps its data. */
  public Map<String, String> serverProperties() {
    Map<String, String> all = new LinkedHashMap<>(SmallBroker.PROPERTIES);
    all.putAll(properties);
    return all;
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }
}
