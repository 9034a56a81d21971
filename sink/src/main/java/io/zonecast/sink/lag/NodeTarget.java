package io.zonecast.sink.lag;

/**
 * How far a node has to have got on one partition.
 *
 * @param start the oldest offset that is still there
 * @param inStep where the group stood when the look began; where that is unknown, where the
 *     partition ended then
 * @param endThen where the partition ended when the look began, for readers of committed records
 * @param end where it ends now
 */
record NodeTarget(long start, long inStep, long endThen, long end) {

  /** Whether there is nothing that a node could lack. */
  boolean isEmpty() {
    return start == end;
  }
}
