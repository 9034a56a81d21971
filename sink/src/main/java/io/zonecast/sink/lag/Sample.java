package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import io.zonecast.sink.lag.Group.Commits;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Commits and ends at one moment.
 *
 * @param nanos the moment, on the monotonic clock
 */
record Sample(long nanos, Commits commits, Map<TopicPartition, Ends> ends) {

  /** The ends of {@code partition}. */
  Ends endsOf(TopicPartition partition) {
    return BrokerAnswers.of(ends, partition);
  }

  /** What the group has committed; null where it has not. */
  @Nullable Long committed(TopicPartition partition) {
    return commits.next().get(partition);
  }

  /**
   * The next offset that the group needs of {@code partition}: never below what is still there,
   * which would count records that nobody can read; null where nothing is committed, or where the
   * commit is beyond the end and so belongs to a topic that is no more.
   */
  @Nullable Long next(TopicPartition partition) {
    Long committed = committed(partition);
    Ends at = endsOf(partition);
    return committed == null || committed > at.end() ? null : Math.max(committed, at.start());
  }

  /** Whether the partition has no offsets at all, so that nobody can be behind on it. */
  boolean isEmpty(TopicPartition partition) {
    return endsOf(partition).start() == endsOf(partition).end();
  }
}
