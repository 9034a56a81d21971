package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import org.apache.kafka.common.KafkaException;

/** A node that waits for a fill of one partition. Called on the replay's thread. */
public interface FillTarget {

  int partition();

  /** The index of the node in the pool. */
  int node();

  /** The first offset that the node needs. */
  long fromOffset();

  /**
   * How far the node has followed the log: beyond {@link #fromOffset} if a range is filled again.
   */
  PartitionPosition followed();

  /**
   * Whether the target needs the whole range: after a fill that ends early, at a record that cannot
   * be read yet, a sweep would delete correct entries.
   */
  default boolean isWholeOrNothing() {
    return false;
  }

  /** Whether the target still waits; the replay does not read for one that gave up. */
  boolean isWaiting();

  /**
   * The replay has read this fraction of the range, from 0 to 1. It may fall: a range that proves
   * too large for one pass takes several.
   */
  void reading(double fraction);

  /** Takes the next part, and {@linkplain FoldPart#release() releases} it when it is sent. */
  void deliver(FoldPart part);

  /**
   * The log is not the one that the node has followed: it ends before the node's position, or has
   * other records from an offset on.
   *
   * @param endOffset the offset up to which the two logs can be the same
   */
  void ofAnotherLog(long endOffset);

  /** The range could not be read; a later request may succeed. */
  void failed(RuntimeException cause);

  /** The range has nothing for the target below a record that cannot be read yet. */
  default void waits(WaitNote at) {
    failed(new KafkaException(at.of(partition())));
  }
}
