package io.zonecast.sink.poll;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions assigned to this member, each with its {@link AssignedPartition}. For the polling
 * thread, except {@link #assigned}.
 */
final class AssignedPartitions {
  private final String topic;
  private final Map<Integer, AssignedPartition> feeds = new TreeMap<>();
  private volatile Set<Integer> assigned = Set.of();

  AssignedPartitions(String topic) {
    this.topic = topic;
  }

  /** The numbers of the partitions. Thread-safe. */
  Set<Integer> assigned() {
    return assigned;
  }

  TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }

  static List<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).sorted().toList();
  }

  @Nullable AssignedPartition get(int partition) {
    return feeds.get(partition);
  }

  /** All of them, by partition; not to be changed. */
  Map<Integer, AssignedPartition> all() {
    return Collections.unmodifiableMap(feeds);
  }

  void add(Collection<Integer> partitions) {
    partitions.forEach(partition -> feeds.put(partition, new AssignedPartition()));
    assigned = Set.copyOf(feeds.keySet());
  }

  /** Removes partitions and returns those that were assigned. */
  Map<Integer, AssignedPartition> remove(Collection<Integer> partitions) {
    Map<Integer, AssignedPartition> gone = new HashMap<>();
    for (int partition : partitions) {
      AssignedPartition feed = feeds.remove(partition);
      if (feed != null) {
        gone.put(partition, feed);
      }
    }
    assigned = Set.copyOf(feeds.keySet());
    return gone;
  }
}
