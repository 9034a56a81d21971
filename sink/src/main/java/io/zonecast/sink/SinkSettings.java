package io.zonecast.sink;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.ValueFormat;
import java.util.List;
import java.util.Map;

/**
 * What a sink is told.
 *
 * @param kafka Kafka client properties for every client: at least {@code bootstrap.servers}
 * @param consumer over {@code kafka} for consumers; {@code producer} likewise
 * @param group the consumer group, which also names the checkpoints
 * @param nodes the pool, in the order in which placement counts
 * @param clientFlags memcached client flags of each entry
 * @param changeSettings whether a cache written with other settings is to be written anew
 * @param strictMemory whether a node that is too small for its share is not filled at all
 * @param maxFoldBytes memory that one part of a partition's fill may take; all of them together
 *     take at most twice that
 */
public record SinkSettings(
    Map<String, Object> kafka,
    Map<String, Object> consumer,
    Map<String, Object> producer,
    String topic,
    String group,
    List<NodeAddress> nodes,
    String keyPrefix,
    ValueFormat valueFormat,
    long clientFlags,
    PlacementScheme placement,
    boolean changeSettings,
    boolean strictMemory,
    long maxFoldBytes,
    ConnectionSettings connections) {

  /** Enough for 1.5 million rows a partition in one pass. */
  public static final long DEFAULT_FOLD_BYTES = 64L << 20;

  public SinkSettings {
    kafka = Map.copyOf(kafka);
    consumer = Map.copyOf(consumer);
    producer = Map.copyOf(producer);
    nodes = List.copyOf(nodes);
  }

  /** What the options say where they are not given. */
  public static SinkSettings of(
      Map<String, Object> kafka, String topic, String group, List<NodeAddress> nodes) {
    return new SinkSettings(
        kafka,
        Map.of(),
        Map.of(),
        topic,
        group,
        nodes,
        "zone:",
        ValueFormat.ZONE,
        0,
        PlacementScheme.MODULO,
        false,
        false,
        DEFAULT_FOLD_BYTES,
        ConnectionSettings.DEFAULT);
  }

  /** The same, but for nodes that are too small: those are not filled at all. */
  public SinkSettings strict() {
    return new SinkSettings(
        kafka,
        consumer,
        producer,
        topic,
        group,
        nodes,
        keyPrefix,
        valueFormat,
        clientFlags,
        placement,
        changeSettings,
        true,
        maxFoldBytes,
        connections);
  }

  /** What the checkpoints say of the entries. */
  public WrittenWith writtenWith() {
    return new WrittenWith(
        keyPrefix,
        valueFormat.optionName(),
        clientFlags,
        placement.toString(),
        nodes.stream().map(NodeAddress::toString).toList());
  }

  /** Kafka's settings may hold passwords, so that only their names are shown. */
  @Override
  public String toString() {
    return "SinkSettings(topic "
        + topic
        + ", group "
        + group
        + ", "
        + writtenWith()
        + ", kafka "
        + kafka.keySet()
        + ")";
  }
}
