package io.zonecast.sink.verify;

/** The result of comparing one entry of a node with the topic. */
public enum EntryKind {
  /** The topic says that the node holds it, and it was compared. */
  CHECKED,
  /** It is not there. */
  MISSING,
  /** It has another value or other client flags. */
  DIFFERENT,
  /** A zone key of ours that the topic does not have. */
  ORPHANED,
  /** A zone key of ours that lives on another node. */
  FOREIGN,
  /** A row of this node that no sink can apply; it is a dead letter, and no difference. */
  UNREADABLE,
  /** Not compared: by its checkpoint, the node has not got the key's last record yet. */
  BEHIND
}
