package io.zonecast.sink.poll;

/** Hears of the live records' way: polled on the polling thread, acknowledged on a connection's. */
@FunctionalInterface
public interface DelayListener {

  /**
   * Hears that a node has applied a set-many.
   *
   * @param entries sets and deletes applied
   * @param oldestTimestampMillis when the oldest of their records was appended, in epoch
   *     milliseconds
   */
  void acknowledged(int entries, long oldestTimestampMillis);

  /** Hears that so many records came in with one poll. */
  default void polled(int records) {}
}
