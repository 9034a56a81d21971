package io.zonecast.sink.checkpoint;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Says how far a node has got with one partition.
 *
 * @param nextOffset the first offset that the node still needs
 * @param timeMillis a lower bound on when any record at or after {@code nextOffset} was written, in
 *     epoch milliseconds
 * @param leaderEpoch the leader's epoch when the records before were read, or a later one; with it
 *     the brokers tell whether their log was cut off since (KIP-320). {@link #NO_EPOCH} if unknown
 */
public record PartitionPosition(long nextOffset, long timeMillis, int leaderEpoch) {
  public static final int NO_EPOCH = -1;

  public static final PartitionPosition NONE = new PartitionPosition(0, 0, NO_EPOCH);

  public PartitionPosition(long nextOffset, long timeMillis, Optional<Integer> leaderEpoch) {
    this(nextOffset, timeMillis, leaderEpoch.orElse(NO_EPOCH));
  }

  /** A copy with the later of both times. */
  public PartitionPosition notBefore(long otherTimeMillis) {
    return new PartitionPosition(nextOffset, Math.max(timeMillis, otherTimeMillis), leaderEpoch);
  }

  /** Where a consumer goes on; the epoch makes it check that the log is still the same. */
  public OffsetAndMetadata position() {
    return new OffsetAndMetadata(
        nextOffset, leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch), "");
  }
}
