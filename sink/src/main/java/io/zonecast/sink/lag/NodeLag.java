package io.zonecast.sink.lag;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one cache node stands. Null is unknown, which is not 0.
 *
 * @param node where it is, as {@code host:port}
 * @param filled the share of its partitions that is in step, from 0 to 1, while it is filled
 * @param checkpointAge how long ago the oldest of its checkpoints was known to be up to date
 * @param behindRecordsAtMost the offsets between its checkpoints and the partitions' ends
 * @param entries how many entries it holds, other people's included
 * @param bytes what they take
 * @param limitBytes what it may take
 * @param evictions how many entries it evicted since it started
 * @param detail why it is degraded, and what helps
 */
public record NodeLag(
    String node,
    NodeState state,
    @Nullable Double filled,
    @Nullable Duration checkpointAge,
    @Nullable Long behindRecordsAtMost,
    @Nullable Long entries,
    @Nullable Long bytes,
    @Nullable Long limitBytes,
    @Nullable Long evictions,
    @Nullable String detail) {}
