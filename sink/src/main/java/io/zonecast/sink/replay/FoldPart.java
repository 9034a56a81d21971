package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One pass's share of a partition, folded. A partition that fits in the memory allowed is one part;
 * a larger one comes in several, split by a hash of the key. Each target has a part of its own,
 * over the same fold.
 */
public final class FoldPart {
  private final Fold fold;
  private final PartitionPosition end;
  private final boolean last;
  private final @Nullable WaitNote waitsAt;
  private final Runnable whenReleased;
  private final AtomicBoolean released = new AtomicBoolean();

  FoldPart(
      Fold fold,
      PartitionPosition end,
      boolean last,
      @Nullable WaitNote waitsAt,
      Runnable whenReleased) {
    this.fold = fold;
    this.end = end;
    this.last = last;
    this.waitsAt = waitsAt;
    this.whenReleased = whenReleased;
  }

  public Fold fold() {
    return fold;
  }

  /** How far a node has got that has applied every part. */
  public PartitionPosition end() {
    return end;
  }

  /** How much of the range is done with once this part is, from 0 to 1. */
  public double shareAtEnd() {
    return fold.shareRead(1);
  }

  /** Whether this part completes the range. */
  public boolean isLast() {
    return last;
  }

  /** The record at the end offset, if the range ends there because it cannot be read yet. */
  public @Nullable WaitNote waitsAt() {
    return waitsAt;
  }

  /** Says that the target is done with the part: its memory is wanted for the next. Idempotent. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      whenReleased.run();
    }
  }

  boolean isReleased() {
    return released.get();
  }
}
