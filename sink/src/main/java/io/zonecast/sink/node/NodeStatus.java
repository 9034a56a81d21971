package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a node stands, as its keeper last saw it.
 *
 * @param node {@code host:port}
 * @param since when the state began
 * @param left how long the fills are still going to take; null if that is unknown, or none is under
 *     way
 * @param stats what the node last said of itself on this connection; null if it said nothing
 * @param detail why it is down, stalled or degraded, or ""
 */
public record NodeStatus(
    String node,
    State state,
    Instant since,
    Lanes lanes,
    @Nullable Duration left,
    @Nullable NodeStats stats,
    String detail) {

  /**
   * The partitions that this process keeps on it.
   *
   * @param partitions how many there are
   * @param inStep which of them are live
   * @param fraction how far their fills are, from 0 to 1; 1 without a fill
   * @param checkpoint when the live ones were last known to be up to date, the oldest of these
   *     times; null if none is live
   */
  public record Lanes(
      int partitions, Set<Integer> inStep, double fraction, @Nullable Instant checkpoint) {
    public Lanes {
      inStep = Set.copyOf(inStep);
    }
  }

  /** The same, where the node has not answered for so long: nothing is known to be in step. */
  NodeStatus unheardFor(Duration silent) {
    return new NodeStatus(
        node,
        State.STALLED,
        since,
        new Lanes(lanes.partitions, Set.of(), lanes.fraction, lanes.checkpoint),
        left,
        stats,
        "it has not answered for %d s".formatted(silent.toSeconds()));
  }

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
    IN_STEP;

    /** As people read it: {@code IN STEP}. */
    public String words() {
      return name().replace('_', ' ');
    }
  }
}
