package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.schemas.topic.TopicEnds;
import io.zonecast.sink.checkpoint.KnownWriters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Commits and ends at one moment.
 *
 * @param nanos the moment, on the monotonic clock
 * @param bySink whether a sink of ours wrote any of the commits: other consumers keep no cache
 */
record GroupSample(long nanos, boolean bySink, Map<TopicPartition, At> partitions) {

  static GroupSample take(
      Admin admin, String group, List<TopicPartition> partitions, LongSupplier nanoClock) {
    Map<TopicPartition, @Nullable OffsetAndMetadata> commits =
        BrokerAnswers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    long nanos = nanoClock.getAsLong();
    var starts = TopicEnds.starts(admin, partitions);
    var ends = TopicEnds.of(admin, partitions);
    boolean bySink = false;
    Map<TopicPartition, At> all = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata commit = commits.get(partition);
      bySink |= commit != null && KnownWriters.wrote(commit.metadata());
      all.put(
          partition,
          new At(
              BrokerAnswers.of(BrokerAnswers.await(starts), partition),
              BrokerAnswers.of(ends, partition).stable(),
              BrokerAnswers.of(ends, partition).high(),
              commit == null ? null : commit.offset()));
    }
    return new GroupSample(nanos, bySink, all);
  }

  At at(TopicPartition partition) {
    return BrokerAnswers.of(partitions, partition);
  }

  /** Whether the group has committed nothing at all. */
  boolean hasNoCommit() {
    return partitions.values().stream().allMatch(at -> at.committed == null);
  }

  /**
   * Where a partition began and ended.
   *
   * @param start the oldest offset that is still there
   * @param stable the last stable offset: from here on, an open transaction holds everything back;
   *     the same as {@code end} when there is none
   * @param end the high watermark
   * @param committed what the group has committed; null if it has not
   */
  record At(long start, long stable, long end, @Nullable Long committed) {
    /**
     * The next offset that the group needs, never below {@code start}: earlier records cannot be
     * read. Null if nothing is committed, or if the commit is beyond the end and so belongs to a
     * deleted topic.
     */
    @Nullable Long next() {
      return committed == null || committed > end ? null : Long.valueOf(Math.max(committed, start));
    }

    /** Whether the partition has no offsets, so that no group can be behind on it. */
    boolean isEmpty() {
      return start == end;
    }
  }
}
