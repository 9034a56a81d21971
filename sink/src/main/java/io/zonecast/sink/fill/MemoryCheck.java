package io.zonecast.sink.fill;

import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.replay.FillTarget;
import io.zonecast.sink.replay.FoldPart;
import java.util.function.Consumer;

/**
 * Adds up what a node's share of one partition needs, from a reading of its own or one shared with
 * other nodes. Nothing is written. Counts on the replay's thread, part by part as they are read.
 */
public final class MemoryCheck implements FillTarget {
  private final int partition;
  private final int node;
  private final MemoryNeed need;
  private final Consumer<MemoryNeed> counted;
  private final Consumer<RuntimeException> failed;
  private volatile boolean waiting = true;

  /**
   * @param need an empty sum
   * @param counted takes the sum, on the replay's thread
   * @param failed takes why there is none
   */
  public MemoryCheck(
      int partition,
      int node,
      MemoryNeed need,
      Consumer<MemoryNeed> counted,
      Consumer<RuntimeException> failed) {
    this.partition = partition;
    this.node = node;
    this.need = need;
    this.counted = counted;
    this.failed = failed;
  }

  /** The sum is not needed any more. */
  public void giveUp() {
    waiting = false;
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public long fromOffset() {
    return 0;
  }

  @Override
  public PartitionPosition followed() {
    return PartitionPosition.NONE;
  }

  @Override
  public boolean isWaiting() {
    return waiting;
  }

  @Override
  public void reading(double fraction) {
    // A fill has begun for the user only when something is written.
  }

  @Override
  public void deliver(FoldPart part) {
    try {
      part.fold()
          .forEach(
              node,
              0,
              (offset, bytes, keyAt, keyLength, valueAt, valueLength) -> {
                if (valueLength >= 0) {
                  need.add(keyLength, valueLength);
                }
              });
    } finally {
      part.release();
    }
    if (part.isLast()) {
      counted.accept(need);
    }
  }

  @Override
  public void ofAnotherLog(long endOffset) {
    throw new IllegalStateException(
        "partition " + partition + " ends at " + endOffset + ", before its beginning");
  }

  @Override
  public void failed(RuntimeException cause) {
    failed.accept(cause);
  }
}
