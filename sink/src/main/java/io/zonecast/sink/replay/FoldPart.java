package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The fold of one pass over a partition. A partition that fits in the memory allowed is one part; a
 * larger one comes in several, split by a hash of the key. Each target has a part of its own, over
 * the same fold.
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

  /** The position of a node that has applied every part. */
  public PartitionPosition end() {
    return end;
  }

  /** The share of the range that this part and those before complete, from 0 to 1. */
  public double shareAtEnd() {
    return fold.shareRead(1);
  }

  /** Whether this part completes the range. */
  public boolean isLast() {
    return last;
  }

  /** The record that cannot be read yet and so ends the range; null if none does. */
  public @Nullable WaitNote waitsAt() {
    return waitsAt;
  }

  /** Frees the part's memory for the next; the target must not use it any more. Idempotent. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      whenReleased.run();
    }
  }

  boolean isReleased() {
    return released.get();
  }
}
