package io.zonecast.sink.node;

import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.poll.KeeperRequests;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.FillSource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How the keepers get at the topic: through the group's member, and through the replay.
 *
 * @param ends where the partitions ended when last asked, for the time in the checkpoints
 */
public record TopicAccess(
    KeeperRequests ownership,
    Lease lease,
    FillSource fills,
    DeadLetters deadLetters,
    Supplier<Map<Integer, EndOffsets>> ends) {}
