package io.zonecast.sink.fill;

import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.replay.FillTarget;
import io.zonecast.sink.replay.FoldPart;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One fill of one partition on one node, from the request to the replay until the node has its last
 * part. For the keeper's thread, except the methods of {@link FillTarget}, which the replay's
 * thread calls; a subclass hands what the replay delivers over to the keeper's thread.
 */
public abstract class NodeFill implements FillTarget {
  private final FilledNode node;
  private final int partition;
  private final FillPlan plan;
  private final boolean sweeps;
  private final @Nullable MemoryNeed need;
  private final BatchPool batches;
  private final long startedNanos;
  private final Deque<PartSender> senders = new ArrayDeque<>();
  private boolean swept;
  private double sentShare;
  private long entriesSent;
  private volatile boolean waiting = true;
  private volatile double read;

  /**
   * A fill that has not asked the replay yet.
   *
   * @param sweeps whether orphans are deleted before the first set
   * @param need adds up what is sent, where that is the node's whole share; else null
   * @param entriesBefore what was sent already, before the same fill had to wait
   */
  protected NodeFill(
      FilledNode node,
      int partition,
      FillPlan plan,
      boolean sweeps,
      @Nullable MemoryNeed need,
      BatchPool batches,
      long entriesBefore) {
    this.node = node;
    this.partition = partition;
    this.plan = plan;
    this.sweeps = sweeps;
    this.need = need;
    this.batches = batches;
    this.entriesSent = entriesBefore;
    this.startedNanos = node.timing().nanoTime();
  }

  public final FillPlan plan() {
    return plan;
  }

  /** The memory of what the fill has sent so far; null if that is not the whole share. */
  public final @Nullable MemoryNeed need() {
    return need;
  }

  /** Takes a part to send; drops it if the fill was given up. */
  public final void take(FoldPart part) {
    if (waiting && node.connection().isOpen()) {
      senders.add(new PartSender(node, part, fromOffset(), batches, need));
    } else {
      part.release();
    }
  }

  /** The part that is being sent, or is the next to be; null if none is there. */
  public final @Nullable PartSender sender() {
    return senders.peek();
  }

  /** Whether to delete orphans before the current part is sent. */
  public final boolean isToSweep() {
    return sweeps && !swept;
  }

  /** The orphans that the part at hand covers are gone. */
  public final void swept() {
    swept = true;
  }

  /** The part at hand is on the node. */
  public final void sent() {
    PartSender sender = senders.remove();
    entriesSent += sender.entries();
    sentShare = sender.part().shareAtEnd();
    sender.part().release();
    swept = false;
  }

  /** The sets and deletes that are on the node. */
  public final long entriesSent() {
    return entriesSent;
  }

  public final Duration age() {
    return Duration.ofNanos(node.timing().nanoTime() - startedNanos);
  }

  /** From 0 to 1. Reading is a third of the way, as sending takes longer. */
  public final double fraction() {
    PartSender sender = senders.peek();
    double sent =
        sender == null
            ? sentShare
            : sentShare + (sender.part().shareAtEnd() - sentShare) * sender.fractionAnswered();
    return (read + 2 * sent) / 3;
  }

  /** Gives the fill up, and the memory of its parts back. */
  public final void giveUp() {
    waiting = false;
    senders.forEach(sender -> sender.part().release());
    senders.clear();
  }

  @Override
  public final int partition() {
    return partition;
  }

  @Override
  public final int node() {
    return node.index();
  }

  @Override
  public final long fromOffset() {
    return plan.from().nextOffset();
  }

  @Override
  public final PartitionPosition followed() {
    return plan.followed();
  }

  @Override
  public final boolean isWholeOrNothing() {
    return sweeps;
  }

  @Override
  public final boolean isWaiting() {
    return waiting;
  }

  @Override
  public final void reading(double fraction) {
    read = fraction;
  }
}
