package io.zonecast.sink.deadletter;

/**
 * Hears of records that were put aside, once for each partition and round of letters, even if they
 * are a million. Called on the thread that writes letters.
 */
@FunctionalInterface
public interface DeadLetterListener {

  /**
   * Hears that dead letters are acknowledged that were not there before.
   *
   * @param records how many
   * @param firstOffset of the first of them
   * @param reason of the first of them; it may quote the record
   */
  void putAside(int partition, long records, long firstOffset, String reason);
}
