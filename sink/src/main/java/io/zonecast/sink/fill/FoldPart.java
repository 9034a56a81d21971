package io.zonecast.sink.fill;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pass's share of a partition, folded. A partition that fits in the memory allowed is one part;
 * a larger one comes in several, split by a hash of the key.
 */
public final class FoldPart {
  private final Fold fold;
  private final long endOffset;
  private final long timeMillis;
  private final boolean last;
  private final String waitsFor;
  private final AtomicInteger users;
  private final Runnable whenUnused;

  FoldPart(
      Fold fold,
      long endOffset,
      long timeMillis,
      boolean last,
      String waitsFor,
      int users,
      Runnable whenUnused) {
    this.fold = fold;
    this.endOffset = endOffset;
    this.timeMillis = timeMillis;
    this.last = last;
    this.waitsFor = waitsFor;
    this.users = new AtomicInteger(users);
    this.whenUnused = whenUnused;
  }

  public Fold fold() {
    return fold;
  }

  /** The next offset of a node that has applied every part. */
  public long endOffset() {
    return endOffset;
  }

  /** A lower bound on when any record at or after {@link #endOffset} was written. */
  public long timeMillis() {
    return timeMillis;
  }

  /** How much of the range is done with once this part is, from 0 to 1. */
  public double shareAtEnd() {
    return fold.shareRead(1);
  }

  /** Whether this part completes the range. */
  public boolean isLast() {
    return last;
  }

  /** What the record at the end offset waits for, where that is why the range ends there; or "". */
  public String waitsFor() {
    return waitsFor;
  }

  /** Says that one target is done with the part: its memory is wanted for the next. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      whenUnused.run();
    }
  }
}
