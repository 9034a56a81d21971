package io.zonecast.sink.checkpoint;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far a node has got with one partition.
 *
 * @param nextOffset the first offset that the node still needs
 * @param timeMillis a lower bound on when any record at or after {@code nextOffset} was written, in
 *     epoch milliseconds
 * @param leaderEpoch of the partition's leader when everything before was read, or later; by it the
 *     brokers tell whether their log was cut off below since (KIP-320). {@link #NO_EPOCH} if it is
 *     not known
 */
public record PartitionPosition(long nextOffset, long timeMillis, int leaderEpoch) {
  public static final int NO_EPOCH = -1;

  public static final PartitionPosition NONE = new PartitionPosition(0, 0, NO_EPOCH);

  /** With the epoch as Kafka's clients have it. */
  public PartitionPosition(long nextOffset, long timeMillis, Optional<Integer> leaderEpoch) {
    this(nextOffset, timeMillis, leaderEpoch.orElse(NO_EPOCH));
  }

  /** The same, if this is a later time; else with this time. */
  public PartitionPosition notBefore(long otherTimeMillis) {
    return new PartitionPosition(nextOffset, Math.max(timeMillis, otherTimeMillis), leaderEpoch);
  }

  /** Where a consumer has to go on, so that it finds out whether the log is still the same. */
  public OffsetAndMetadata position() {
    return new OffsetAndMetadata(
        nextOffset, leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch), "");
  }
}
