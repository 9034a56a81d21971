package io.zonecast.sink;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.CacheLayout;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.owner.SampleKeys;
import java.util.List;
import java.util.Map;

/**
 * The settings of a sink.
 *
 * @param group the consumer group, which also names the checkpoints
 * @param changeSettings whether to write a cache again that was written with other settings
 * @param strictMemory whether a node that is too small for its share is not filled at all
 * @param maxFoldBytes memory that one part of a partition's fill may take; all of them together
 *     take at most twice that
 */
public record SinkSettings(
    Kafka kafka,
    String topic,
    String group,
    CacheLayout layout,
    boolean changeSettings,
    boolean strictMemory,
    long maxFoldBytes,
    ConnectionSettings connections) {

  /** Enough for 1.5 million rows a partition in one pass. */
  public static final long DEFAULT_FOLD_BYTES = 64L << 20;

  /**
   * Kafka client properties.
   *
   * @param common for every client: at least {@code bootstrap.servers}
   * @param consumer over {@code common} for consumers; {@code producer} likewise
   */
  public record Kafka(
      Map<String, Object> common, Map<String, Object> consumer, Map<String, Object> producer) {
    public Kafka {
      common = Map.copyOf(common);
      consumer = Map.copyOf(consumer);
      producer = Map.copyOf(producer);
    }

    /** They may hold passwords, so that only their names are shown. */
    @Override
    public String toString() {
      return common.keySet().toString();
    }
  }

  /** What the options say where they are not given. */
  public static SinkSettings of(
      Map<String, Object> kafka, String topic, String group, CacheLayout layout) {
    return new SinkSettings(
        new Kafka(kafka, Map.of(), Map.of()),
        topic,
        group,
        layout,
        false,
        false,
        DEFAULT_FOLD_BYTES,
        ConnectionSettings.DEFAULT);
  }

  /** The same settings, but a node that is too small is not filled at all. */
  public SinkSettings strict() {
    return new SinkSettings(
        kafka, topic, group, layout, changeSettings, true, maxFoldBytes, connections);
  }

  public List<NodeAddress> nodes() {
    return layout.nodes();
  }

  public Claimant claimant(TopicInfo checked) {
    return new Claimant(checked, group, layout.writtenWith());
  }

  public OwnerCheck ownerCheck(TopicInfo checked) {
    return new OwnerCheck(
        claimant(checked),
        connections,
        new SampleKeys(checked.name(), checked.partitions(), () -> new SinkClients(this).reader()));
  }

  /** What the checkpoints say of the entries. */
  public WrittenWith writtenWith() {
    return layout.writtenWith();
  }
}
