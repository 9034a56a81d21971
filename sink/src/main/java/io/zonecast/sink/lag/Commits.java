package io.zonecast.sink.lag;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a group has committed.
 *
 * @param next the next offset that it needs of each partition; null where it has committed none
 * @param bySink whether a sink of ours wrote any of it: other consumers keep no cache
 */
record Commits(Map<TopicPartition, @Nullable Long> next, boolean bySink) {

  boolean none() {
    return next.values().stream().noneMatch(Objects::nonNull);
  }
}
