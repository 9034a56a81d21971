package io.zonecast.sink.owner;

import org.jspecify.annotations.Nullable;

/**
 * The owner of entries: one group that reads one topic of one Kafka cluster. A recreated topic
 * keeps its owner.
 *
 * @param cluster the id that the brokers give; null for a command that does not talk to Kafka and
 *     so compares the other two
 */
public record Owner(@Nullable String cluster, String topic, String group) {

  /** Whether both are the same; the cluster counts only if both name it. */
  public boolean isSameAs(Owner other) {
    return hasSameNamesAs(other)
        && (cluster == null || other.cluster == null || cluster.equals(other.cluster));
  }

  /** Whether both have the same names of topic and group, and so the same checkpoint keys. */
  boolean hasSameNamesAs(Owner other) {
    return topic.equals(other.topic) && group.equals(other.group);
  }

  @Override
  public String toString() {
    return "topic %s, group %s%s"
        .formatted(topic, group, cluster == null ? "" : ", Kafka cluster " + cluster);
  }
}
