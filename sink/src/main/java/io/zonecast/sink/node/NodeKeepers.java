package io.zonecast.sink.node;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.fill.EndOffsets;
import io.zonecast.sink.fill.Replay;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.PollLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The keepers of a pool, one a node. */
public final class NodeKeepers implements AutoCloseable {
  private final List<NodeKeeper> keepers = new ArrayList<>();

  /**
   * Makes a keeper for each node and tells the poll loop of them.
   *
   * @param changeSettings whether entries written with other settings are to be replaced
   * @param strictMemory whether a node that is too small for its share is not filled at all
   * @param ends where the partitions ended when last asked
   * @param fatal hears of what no retry can mend
   */
  public NodeKeepers(
      List<NodeAddress> nodes,
      Claimant us,
      OwnerCheck owners,
      boolean changeSettings,
      boolean strictMemory,
      ConnectionSettings connections,
      PollLoop pollLoop,
      Lease lease,
      Replay replay,
      DeadLetters deadLetters,
      Supplier<Map<Integer, EndOffsets>> ends,
      Clock clock,
      NodeEvents events,
      Consumer<Throwable> fatal) {
    var context =
        new NodeContext(
            us,
            PoolOwners.of(nodes, owners),
            connections,
            new SettingsInForce(us.writtenWith(), clock),
            changeSettings,
            strictMemory,
            pollLoop,
            lease,
            replay,
            deadLetters,
            ends,
            clock,
            events,
            this::statuses);
    for (int i = 0; i < nodes.size(); i++) {
      var keeper = new NodeKeeper(context, nodes.get(i), i, fatal);
      keepers.add(keeper);
      pollLoop.addKeeper(keeper);
    }
  }

  /** How far the broker's clock may be behind ours: little, where tombstones live shortly. */
  public static Duration clockAllowance(TopicInfo topic) {
    return NodeContext.clockAllowance(topic);
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
