package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A node that waits for one partition from its beginning, and keeps what it is answered. */
class TestTarget implements FillTarget {
  /** Parts, and why there is none. */
  final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();

  private final int node;

  TestTarget() {
    this(0);
  }

  TestTarget(int node) {
    this.node = node;
  }

  @Override
  public int partition() {
    return 0;
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
    return new PartitionPosition(fromOffset(), 0, PartitionPosition.NO_EPOCH);
  }

  @Override
  public boolean isWaiting() {
    return true;
  }

  @Override
  public void reading(double fraction) {}

  @Override
  public void deliver(FoldPart part) {
    answers.add(part);
  }

  @Override
  public void ofAnotherLog(long endOffset) {
    answers.add("beyond " + endOffset);
  }

  @Override
  public void failed(RuntimeException cause) {
    answers.add(cause);
  }
}
