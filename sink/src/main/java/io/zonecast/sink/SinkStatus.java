package io.zonecast.sink;

import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.node.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The state of a sink at one moment, for this process's partitions only.
 *
 * @param joined whether the group has said what is ours, which may be nothing
 * @param partitions what is ours
 * @param nodes each node of the pool, in its order
 * @param waiting the record that each held partition waits at
 */
public record SinkStatus(
    boolean joined,
    Set<Integer> partitions,
    List<NodeStatus> nodes,
    Map<Integer, WaitNote> waiting) {

  public SinkStatus {
    partitions = Set.copyOf(partitions);
    nodes = List.copyOf(nodes);
    waiting = Map.copyOf(waiting);
  }

  /** Whether every node has all of this process's partitions live, of which there may be none. */
  public boolean isInStep() {
    return joined && waiting.isEmpty() && nodes.stream().allMatch(this::isInStep);
  }

  /** The partitions that wait, each with what for, in words. */
  public List<String> waitingWords() {
    return new TreeMap<>(waiting)
        .entrySet().stream().map(its -> its.getValue().of(its.getKey())).toList();
  }

  private boolean isInStep(NodeStatus node) {
    return partitions.isEmpty()
        ? node.state() == NodeStatus.State.IDLE
        : isLive(node.state()) && node.lanes().inStep().containsAll(partitions);
  }

  /** Evictions are for the operator to stop; the node still gets every record. */
  private static boolean isLive(NodeStatus.State state) {
    return state == NodeStatus.State.IN_STEP || state == NodeStatus.State.DEGRADED;
  }

  static SinkStatus notJoined() {
    return new SinkStatus(false, Set.of(), List.of(), Map.of());
  }
}
