package io.zonecast.sink.fill;

/** A node that waits to be brought up to date with one partition. Called on the replay's thread. */
public interface FillTarget {

  /** The partition wanted. */
  int partition();

  /** The index of the node in the pool: it gets what is placed on it. */
  int node();

  /** The first offset that the node needs. */
  long fromOffset();

  /** Whether the answer is still waited for; a target that gave up is not read for. */
  boolean isWaiting();

  /**
   * The replay has read this much of the range, from 0 to 1. It may turn out to be less: a range
   * that proves too large for one pass takes several.
   */
  void reading(double fraction);

  /** The next part of the answer; to be {@linkplain FoldPart#release() released} when used. */
  void deliver(FoldPart part);

  /**
   * The node needs an offset that lies beyond the partition's end: this is not the log that the
   * node has followed.
   */
  void beyondEnd(long highWatermark);

  /** The range could not be read; asking again later may help. */
  void failed(RuntimeException cause);
}
