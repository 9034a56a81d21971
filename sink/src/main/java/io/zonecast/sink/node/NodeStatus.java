package io.zonecast.sink.node;

import java.time.Instant;

/**
 * How a node stands, as its keeper last saw it.
 *
 * @param node {@code host:port}
 * @param since when the state began
 * @param partitions how many partitions this process keeps on it
 * @param inStep how many of those are live
 * @param fraction how far the fills have got, from 0 to 1; 1 where there is none
 * @param detail why it is down, stalled or degraded, or ""
 */
public record NodeStatus(
    String node,
    State state,
    Instant since,
    int partitions,
    int inStep,
    double fraction,
    String detail) {

  /** The states of a node, worst first. */
  public enum State {
    /** No connection. */
    DOWN,
    /** A partition cannot be brought up to date without help, or not yet. */
    STALLED,
    /** A partition is being brought up to date. */
    FILLING,
    /** All that this process owns flows live, and yet zones are missing: the node evicted some. */
    DEGRADED,
    /** Connected, and no partition is this process's. */
    IDLE,
    /** All that this process owns flows live. */
    IN_STEP
  }
}
