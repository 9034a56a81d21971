package io.zonecast.sink.lag;

/** How one partition of the group stands. */
public enum PartitionState {
  /** Every committed record is applied. */
  CAUGHT_UP,
  /** Behind, and its committed offset moves. */
  CATCHING_UP,
  /** Behind, and its committed offset does not move. */
  STALLED,
  /** Every committed record is applied; an open transaction holds back the rest. */
  HELD,
  /** The group has committed nothing here that fits the topic as it is. */
  UNKNOWN;

  /** As people read it: {@code CATCHING UP}. */
  public String words() {
    return name().replace('_', ' ');
  }
}
