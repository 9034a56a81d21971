package io.zonecast.sink.lag;

import io.zonecast.schemas.TopicInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Where a topic ends just now, open transactions included: what a rebuild waits for. */
public final class HighWatermarks {
  private HighWatermarks() {}

  /** The high watermark of each partition. */
  public static Map<Integer, Long> of(Admin admin, TopicInfo topic) {
    List<TopicPartition> partitions =
        IntStream.range(0, topic.partitions())
            .mapToObj(partition -> new TopicPartition(topic.name(), partition))
            .toList();
    Map<Integer, Long> watermarks = new TreeMap<>();
    Ends.of(admin, partitions)
        .forEach((partition, ends) -> watermarks.put(partition.partition(), ends.end()));
    return watermarks;
  }
}
