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

  /** For one broker on a small machine that must start fast and answer at once. */
  private static final Map<String, String> SMALL =
      Map.ofEntries(
          // Only one broker: internal topics can have one replica only.
          Map.entry("default.replication.factor", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          // 50 partitions each by default, all opened at start.
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          // A group of one need not wait for others.
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // No client of ours relies on it, and one that does by mistake should fail.
          Map.entry("auto.create.topics.enable", "false"),
          // 128 MiB of heap by default; compaction that tests can wait for.
          Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
          Map.entry("log.cleaner.backoff.ms", "200"),
          // Transactions left open by a dead producer are looked at every 10 s by default.
          Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
          // A broker that was killed is let in again only when its former self has been given up.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"));

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
    Map<String, String> all = new LinkedHashMap<>(SMALL);
    all.putAll(properties);
    return all;
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }
}
