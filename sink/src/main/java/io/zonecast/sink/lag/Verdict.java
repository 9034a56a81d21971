package io.zonecast.sink.lag;

/** The result of a lag report, in one word. {@link VerdictRule} decides it. */
public enum Verdict {
  /** All that was committed to the topic when the look began is applied. */
  CAUGHT_UP,
  /** Behind, and moving. */
  CATCHING_UP,
  /** Behind, and at least one partition or node does not move. */
  STALLED,
  /** The group has no member. */
  NO_SINK,
  /** The group has never committed anything on this topic, and has no member. */
  NEVER_RAN;

  /** As people read it: {@code CAUGHT UP}. */
  public String words() {
    return name().replace('_', ' ');
  }
}
