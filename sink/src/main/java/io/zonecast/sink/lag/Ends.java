package io.zonecast.sink.lag;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
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

  /** Asks for the ends of {@code partitions}, the stable ones first: they must not be beyond. */
  static Map<TopicPartition, Ends> of(Admin admin, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> starts =
        offsets(admin, partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Long> stable =
        offsets(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, Long> ends =
        offsets(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Ends> all = new HashMap<>();
    for (TopicPartition partition : partitions) {
      all.put(
          partition,
          new Ends(
              Answers.of(starts, partition),
              Answers.of(stable, partition),
              Answers.of(ends, partition)));
    }
    return all;
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, which));
    Map<TopicPartition, ListOffsetsResultInfo> answered =
        Answers.await(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    answered.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }
}
