package io.zonecast.sink.fill;

import io.zonecast.sink.checkpoint.Progress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pass's share of a partition, folded. A partition that fits in the memory allowed is one part;
 * a larger one comes in several, split by a hash of the key.
 */
public final class FoldPart {
  private final Fold fold;
  private final Progress end;
  private final boolean last;
  private final String waitsFor;
  private final AtomicInteger users;
  private final Runnable whenUnused;

  FoldPart(Fold fold, Progress end, boolean last, String waitsFor, int users, Runnable whenUnused) {
    this.fold = fold;
    this.end = end;
    this.last = last;
    this.waitsFor = waitsFor;
    this.users = new AtomicInteger(users);
    this.whenUnused = whenUnused;
  }

  public Fold fold() {
    return fold;
  }

  /** How far a node has got that has applied every part. */
  public Progress end() {
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
