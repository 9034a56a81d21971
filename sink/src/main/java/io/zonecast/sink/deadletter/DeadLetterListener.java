package io.zonecast.sink.deadletter;

/** Hears of new dead letters, on the thread that writes them. */
@FunctionalInterface
public interface DeadLetterListener {

  /**
   * Called once for all letters of a partition that are acknowledged together, even a million.
   *
   * @param firstOffset of the first of these records
   * @param reason of the first of these records; it may quote the record
   */
  void putAside(int partition, long records, long firstOffset, String reason);
}
