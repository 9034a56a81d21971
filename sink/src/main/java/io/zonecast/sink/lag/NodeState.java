package io.zonecast.sink.lag;

/** How one cache node stands. */
public enum NodeState {
  /** It holds every row of its share. */
  IN_STEP,
  /** Some of its share is being written, for the first time or again. */
  FILLING,
  /** It cannot be reached. */
  DOWN,
  /** It evicted entries, so that zones are missing. */
  DEGRADED;

  /** As people read it: {@code IN STEP}. */
  public String words() {
    return name().replace('_', ' ');
  }
}
