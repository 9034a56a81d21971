package io.zonecast.sink.lag;

/**
 * How one cache node stands, the state that hides the others first. What a lower one would have
 * said is still in {@link NodeLag#detail}: a node that is being filled may have evicted entries
 * too.
 */
public enum NodeState {
  /** It cannot be reached. */
  DOWN,
  /** It lacks some of its share, and is being filled or waits for a fill. */
  FILLING,
  /** It was given all of its share and evicted entries, so that zones are missing. */
  DEGRADED,
  /** It holds every row of its share. */
  IN_STEP;

  /** As people read it: {@code IN STEP}. */
  public String words() {
    return name().replace('_', ' ');
  }
}
