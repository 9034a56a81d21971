package io.zonecast.sink.lag;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.checkpoint.WaitNote;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a node found there.
 *
 * @param partitions every one that was asked for; none where the node did not answer
 * @param downSince since when the other nodes of its pool are down, as it was told
 * @param stats what the node says of itself; null if it did not answer
 * @param trouble why it did not answer, or is not ours; null if neither is so
 * @param otherList that a member of the group keeps another list of nodes, in words; null if none
 *     does
 */
public record NodeSnapshot(
    NodeAddress node,
    Map<Integer, OnPartition> partitions,
    Map<NodeAddress, Instant> downSince,
    @Nullable NodeStats stats,
    @Nullable String trouble,
    @Nullable String otherList) {
  public NodeSnapshot {
    partitions = Map.copyOf(partitions);
    downSince = Map.copyOf(downSince);
  }

  /** One that answered. */
  static NodeSnapshot of(
      NodeAddress node,
      Map<Integer, OnPartition> partitions,
      Map<NodeAddress, Instant> downSince,
      NodeStats stats,
      @Nullable String otherList) {
    return new NodeSnapshot(node, partitions, downSince, stats, null, otherList);
  }

  /** One whose entries are another owner's, so that it has nothing of ours. */
  static NodeSnapshot notOurs(NodeAddress node, NodeStats stats, String reason) {
    return new NodeSnapshot(node, Map.of(), Map.of(), stats, reason, null);
  }

  /** One that did not answer, and why. */
  static NodeSnapshot none(NodeAddress node, @Nullable String trouble) {
    return new NodeSnapshot(node, Map.of(), Map.of(), null, trouble, null);
  }

  /**
   * What a node keeps of one partition.
   *
   * @param checkpoint null if the node has none of this topic
   * @param isThere whether there is a checkpoint at all, be it of another topic
   * @param fill how far its fill has come; null if nothing says so
   * @param fillCas changes with each write; 0 without a note
   * @param waitNote the record that a sink cannot read yet; null if nothing says so
   */
  public record OnPartition(
      @Nullable Checkpoint checkpoint,
      boolean isThere,
      @Nullable FillProgress fill,
      long fillCas,
      @Nullable WaitNote waitNote) {
    static final OnPartition NOTHING = new OnPartition(null, false, null, 0, null);

    /**
     * The record that keeps the node from having more of the partition; null if there is none, or
     * where the node has it already, from a sink that could read it.
     */
    @Nullable WaitNote waitsAt() {
      WaitNote at = waitNote;
      return at != null && fill == null && next() <= at.offset() ? at : null;
    }

    /**
     * Whether the node has come nearer since that look. A claim writes the checkpoint too, again
     * and again where what follows it cannot be done.
     */
    boolean movedSince(OnPartition before) {
      return (fill != null && fillCas != before.fillCas) || next() > before.next();
    }

    /** Below 0 unless it says that it has all before. */
    private long next() {
      return checkpoint == null || checkpoint.state() == Checkpoint.State.FILLING
          ? -1
          : checkpoint.nextOffset();
    }
  }

  boolean answers() {
    return stats != null;
  }

  boolean hasACheckpoint() {
    return partitions.values().stream().anyMatch(OnPartition::isThere);
  }

  OnPartition on(int partition) {
    return partitions.getOrDefault(partition, OnPartition.NOTHING);
  }
}
