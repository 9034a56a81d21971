package io.zonecast.sink.lag;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far the group is behind on one partition. Null is unknown, which is not 0. {@link
 * GroupProgress} computes it, seconds included.
 *
 * @param behindRecordsAtMost the offsets between commit and end. Compaction and transaction markers
 *     leave gaps, so that there are at most so many records
 * @param behindRecords exactly how many records there are; null unless they were counted
 * @param behindFor how long ago the oldest record that is not applied was written; zero when caught
 *     up
 * @param member the client that owns the partition
 * @param heldBy whose open transaction holds back the rest of the partition
 */
public record PartitionLag(
    int partition,
    Offsets offsets,
    @Nullable Long behindRecordsAtMost,
    @Nullable Long behindRecords,
    @Nullable Duration behindFor,
    PartitionState state,
    @Nullable String member,
    @Nullable String heldBy) {

  /**
   * Where the group stands.
   *
   * @param committed the group's next offset; null if it has committed none
   * @param end the high watermark: the next offset to be written
   * @param perSecond how fast the committed offset moved; null if it was not watched
   */
  public record Offsets(@Nullable Long committed, long end, @Nullable Double perSecond) {}
}
