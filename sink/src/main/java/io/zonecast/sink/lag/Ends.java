package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a partition begins and ends.
 *
 * @param start the oldest offset that is still there
 * @param stable the last stable offset: from here on, an open transaction holds everything back;
 *     the same as {@code end} when there is none
 * @param end the high watermark
 */
record Ends(long start, long stable, long end) {

  /** Asks for the ends of {@code partitions}. */
  static Map<TopicPartition, Ends> of(Admin admin, List<TopicPartition> partitions) {
    var starts = TopicEnds.starts(admin, partitions);
    Map<TopicPartition, Ends> all = new HashMap<>();
    TopicEnds.of(admin, partitions)
        .forEach(
            (partition, its) -> {
              long start = BrokerAnswers.of(BrokerAnswers.await(starts), partition);
              all.put(partition, new Ends(start, its.stable(), its.high()));
            });
    return all;
  }
}
