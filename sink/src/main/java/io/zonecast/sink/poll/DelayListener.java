package io.zonecast.sink.poll;

/** Hears of each acknowledged set-many of live records. Called on a connection's thread. */
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
}
