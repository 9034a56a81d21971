package io.zonecast.sink.lag;

import io.zonecast.sink.cache.CheckpointEntry;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.Evictions;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.node.SettingsDifferException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Looks at each node of a pool by what it keeps of itself: its checkpoints and its statistics. */
public final class CacheNodes implements NodeLook {
  private final List<NodeAddress> nodes;
  private final String group;
  private final String topic;
  private final WrittenWith writtenWith;
  private final ConnectionSettings connections;
  private final Clock clock;

  /**
   * @param writtenWith the settings of this command; a node that was written with other ones is
   *     refused, since its entries are not the ones that are asked about
   */
  public CacheNodes(List<NodeAddress> nodes, String group, String topic, WrittenWith writtenWith) {
    this(nodes, group, topic, writtenWith, ConnectionSettings.DEFAULT, Clock.systemUTC());
  }

  CacheNodes(
      List<NodeAddress> nodes,
      String group,
      String topic,
      WrittenWith writtenWith,
      ConnectionSettings connections,
      Clock clock) {
    this.nodes = List.copyOf(nodes);
    this.group = group;
    this.topic = topic;
    this.writtenWith = writtenWith;
    this.connections = connections;
    this.clock = clock;
  }

  /** How many nodes there are. */
  public int size() {
    return nodes.size();
  }

  @Override
  public List<NodeLag> look(Uuid topicId, Map<Integer, Long> stableEnds) {
    Map<Integer, Long> ends = new TreeMap<>(stableEnds);
    return nodes.stream().map(node -> look(node, topicId, ends)).toList();
  }

  private NodeLag look(NodeAddress node, Uuid topicId, Map<Integer, Long> ends) {
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      List<String> keys =
          ends.keySet().stream()
              .map(partition -> CheckpointKey.of(group, topic, partition))
              .toList();
      List<Optional<Checkpoint>> checkpoints = new ArrayList<>();
      for (CheckpointEntry entry : connection.readEntries(keys)) {
        checkpoints.add(decode(node, entry).filter(c -> c.topicId().equals(topicId)));
      }
      return describe(node, checkpoints, List.copyOf(ends.values()), NodeStats.read(connection));
    } catch (IOException e) {
      return new NodeLag(
          node.toString(), NodeState.DOWN, null, null, null, null, null, null, null, null);
    }
  }

  private Optional<Checkpoint> decode(NodeAddress node, CheckpointEntry entry) {
    Optional<Checkpoint> checkpoint =
        entry instanceof CheckpointEntry.Present present
            ? Checkpoint.decode(present.value())
            : Optional.empty();
    checkpoint
        .filter(found -> !writtenWith.sameEntriesAs(found.writtenWith()))
        .ifPresent(
            found -> {
              throw new SettingsDifferException(
                  node.toString(), writtenWith.differencesFrom(found.writtenWith()));
            });
    return checkpoint;
  }

  private NodeLag describe(
      NodeAddress node, List<Optional<Checkpoint>> checkpoints, List<Long> ends, NodeStats stats) {
    int live = 0;
    Long behind = 0L;
    Instant oldest = Instant.MAX;
    for (int i = 0; i < ends.size(); i++) {
      Checkpoint checkpoint = checkpoints.get(i).orElse(null);
      if (checkpoint == null || checkpoint.state() == Checkpoint.State.FILLING) {
        // What a node that is being filled holds may be anything.
        behind = null;
        continue;
      }
      live++;
      oldest = earlier(oldest, Instant.ofEpochMilli(checkpoint.timeMillis()));
      behind = behind == null ? null : behind + Math.max(0, ends.get(i) - checkpoint.nextOffset());
    }
    boolean filling = live < ends.size();
    Evictions evictions = Evictions.of(node, stats).orElse(null);
    return new NodeLag(
        node.toString(),
        state(filling, evictions),
        filling ? (double) live / ends.size() : null,
        age(oldest),
        behind,
        stats.entries(),
        stats.bytes(),
        stats.limitBytes(),
        stats.evictions(),
        evictions == null ? null : evictions.toString());
  }

  private static NodeState state(boolean filling, @Nullable Evictions evictions) {
    if (filling) {
      return NodeState.FILLING;
    }
    return evictions == null ? NodeState.IN_STEP : NodeState.DEGRADED;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private @Nullable Duration age(Instant oldest) {
    if (oldest.equals(Instant.MAX)) {
      return null;
    }
    Duration age = Duration.between(oldest, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }
}
