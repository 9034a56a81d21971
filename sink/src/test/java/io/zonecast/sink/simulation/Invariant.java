package io.zonecast.sink.simulation;

/** What must hold after every step, whatever fails. */
enum Invariant {
  /** No reader sees an older value of a key than it has seen on that node. */
  VALUES_NEVER_GO_BACK,
  /** No key that was deleted comes back with a value of before. */
  DELETED_KEYS_STAY_AWAY,
  /** No key is deleted that the topic still has. */
  NO_DELETE_WITHOUT_A_TOMBSTONE,
  /** A late batch is mended within two seconds, if nothing else goes wrong meanwhile. */
  LATE_VALUES_ARE_MENDED,
  /** No entry outside the sink's own claim changes. */
  OTHERS_ENTRIES_STAY,
  /** A checkpoint is never past a record that is neither applied on its node nor put aside. */
  CHECKPOINTS_TELL_THE_TRUTH,
  /** A sink that slept for longer than its lease writes nothing to the connections it had. */
  SLEEPERS_WRITE_NOTHING,
  /** Of sinks of one table with two lists of nodes those with the newest list stay, only they. */
  NEWEST_LIST_STAYS,
  /** No sink says that a node is in step when that has lacked everything for four seconds. */
  STATUS_TELLS_THE_TRUTH,
  /** When faults stop, every node equals the topic soon. */
  NODES_CONVERGE
}
