package io.zonecast.sink.poll;

/** Hears of live records: polled on the polling thread, acknowledged on a connection's. */
@FunctionalInterface
public interface DelayListener {

  /**
   * A node has applied a set-many.
   *
   * @param entries sets and deletes
   * @param oldestTimestampMillis when the oldest of their records was appended, in epoch
   *     milliseconds
   */
  void acknowledged(int entries, long oldestTimestampMillis);

  /** A poll has returned n records. */
  default void polled(int records) {}
}
