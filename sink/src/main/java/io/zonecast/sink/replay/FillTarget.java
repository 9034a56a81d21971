package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import org.apache.kafka.common.KafkaException;

/** A node that waits to be brought up to date with one partition. Called on the replay's thread. */
public interface FillTarget {

  /** The partition wanted. */
  int partition();

  /** The index of the node in the pool: it gets what is placed on it. */
  int node();

  /** The first offset that the node needs. */
  long fromOffset();

  /**
   * How far the node has followed the log, which is further than {@link #fromOffset} if something
   * before it is filled again.
   */
  PartitionPosition followed();

  /**
   * Whether only a complete answer is of use: a sweep by one that ends early, at a record that
   * cannot be read yet, would delete entries that are right.
   */
  default boolean isWholeOrNothing() {
    return false;
  }

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
   * This is not the log that the node has followed: it ends before what the node needs, or has
   * other records from an offset on.
   *
   * @param endOffset as far as the node's log and this one can be the same
   */
  void ofAnotherLog(long endOffset);

  /** The range could not be read; asking again later may help. */
  void failed(RuntimeException cause);

  /** There is nothing to deliver below a record that cannot be read yet. */
  default void waits(WaitNote at) {
    failed(new KafkaException(at.of(partition())));
  }
}
