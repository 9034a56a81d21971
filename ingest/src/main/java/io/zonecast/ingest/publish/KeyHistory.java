package io.zonecast.ingest.publish;

/**
 * Decides whether undoing a publish changes one key, by what has happened to the key.
 *
 * @param change what the publish did to it
 * @param last who wrote the key's last record
 * @param loggedLater whether the log's entry of a later publish has the key
 */
record KeyHistory(Change.Kind change, LastRecord last, boolean loggedLater) {
  /** Who wrote the key's last record in the table's topic. */
  enum LastRecord {
    THE_PUBLISH,
    ANOTHER,
    /** There is no record: the key was deleted, and compaction has removed the tombstone. */
    NONE
  }

  /** Whether someone wrote the key after the publish. */
  boolean isLater() {
    return loggedLater
        || last == LastRecord.ANOTHER
        || (last == LastRecord.NONE && change != Change.Kind.REMOVED);
  }

  /**
   * Whether the key gets back what it had.
   *
   * @param overLater whether also where someone wrote it later. Not so for an added key: only its
   *     last record tells that the publish added it
   */
  boolean isUndone(boolean overLater) {
    return !isLater() || (overLater && change != Change.Kind.ADDED);
  }
}
