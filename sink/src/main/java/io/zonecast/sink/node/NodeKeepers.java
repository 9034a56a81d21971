package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.poll.AssignmentListener;
import io.zonecast.sink.timing.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The keepers of a pool, one a node. */
public final class NodeKeepers implements AutoCloseable {
  private final List<NodeKeeper> keepers = new ArrayList<>();

  /**
   * Makes a keeper for each node.
   *
   * @param fatal hears of failures that no retry can repair
   */
  public NodeKeepers(
      PoolSettings pool,
      TopicAccess topic,
      Timing timing,
      NodeEvents events,
      Consumer<Throwable> fatal) {
    var context =
        new NodeContext(
            pool,
            topic,
            new StartupOwnerCheck(pool.nodes()),
            new ConcurrentHashMap<>(),
            new SettingsInForce(pool.us().writtenWith(), timing),
            timing,
            events,
            this::statuses);
    for (NodeAddress node : pool.nodes()) {
      keepers.add(new NodeKeeper(context, node, keepers.size(), fatal));
    }
  }

  /** Those who are to hear which partitions are this member's, one a node. */
  public List<AssignmentListener> listeners() {
    return List.copyOf(keepers);
  }

  public void start() {
    keepers.forEach(NodeKeeper::start);
  }

  /** How each node stood a moment ago, in the order of the pool. */
  public List<NodeStatus> statuses() {
    return keepers.stream().map(NodeKeeper::status).toList();
  }

  /** The records that hold up partitions on any node. */
  public Map<Integer, WaitNote> waiting() {
    Map<Integer, WaitNote> waiting = new TreeMap<>();
    keepers.forEach(keeper -> waiting.putAll(keeper.waiting()));
    return waiting;
  }

  @Override
  public void close() {
    keepers.forEach(NodeKeeper::close);
  }
}
