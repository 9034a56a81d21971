package io.zonecast.sink.owner;

import org.jspecify.annotations.Nullable;

/**
 * Who owns entries: one group that reads one topic of one Kafka cluster. Nothing else decides; a
 * topic that is deleted and created again keeps its owner.
 *
 * @param cluster the id that the brokers give; null where a command asks that does not talk to
 *     Kafka, which then compares the other two
 */
public record Owner(@Nullable String cluster, String topic, String group) {

  /** Whether both are the same, as far as both name a cluster. */
  public boolean isSameAs(Owner other) {
    return hasSameNamesAs(other)
        && (cluster == null || other.cluster == null || cluster.equals(other.cluster));
  }

  /** Whether topic and group have the same names, so that their checkpoints have the same keys. */
  boolean hasSameNamesAs(Owner other) {
    return topic.equals(other.topic) && group.equals(other.group);
  }

  @Override
  public String toString() {
    return "topic %s, group %s%s"
        .formatted(topic, group, cluster == null ? "" : ", Kafka cluster " + cluster);
  }
}
