package io.zonecast.schemas.topic;

import java.util.Optional;

/**
 * The two ends of a partition, asked for at one moment.
 *
 * @param stable the last stable offset: no further can a read_committed consumer get, since behind
 *     it lies an open transaction; the same as {@code high} if none is open
 * @param high the high watermark: the next offset to be written, though transactions below it may
 *     still be open
 * @param leaderEpoch of the leader that answered; empty if it did not say
 */
public record PartitionEnds(long stable, long high, Optional<Integer> leaderEpoch) {}
