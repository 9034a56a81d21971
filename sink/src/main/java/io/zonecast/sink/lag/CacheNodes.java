package io.zonecast.sink.lag;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.cache.VersionedEntry.Present;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.DownNote;
import io.zonecast.sink.checkpoint.FillProgress;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.lag.NodeSnapshot.OnPartition;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.Owner;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Reads the checkpoints, notes and statistics of each node of a pool.
 *
 * @param writtenWith the settings of this command; a node that was written with other ones is
 *     refused, since its entries are not the ones that are asked about
 */
public record CacheNodes(
    List<NodeAddress> nodes, String group, String topic, WrittenWith writtenWith)
    implements SnapshotSource {

  public CacheNodes {
    nodes = List.copyOf(nodes);
  }

  public int size() {
    return nodes.size();
  }

  @Override
  public List<NodeSnapshot> look(Uuid topicId, Collection<Integer> partitions) {
    List<Integer> asked = List.copyOf(partitions);
    return nodes.stream().map(node -> look(node, topicId, asked)).toList();
  }

  private NodeSnapshot look(NodeAddress node, Uuid topicId, List<Integer> partitions) {
    try (NodeConnection connection = NodeConnection.open(node, ConnectionSettings.DEFAULT)) {
      List<String> keys = new ArrayList<>(List.of(NodeOwners.KEY));
      for (int partition : partitions) {
        keys.add(CheckpointKey.of(group, topic, partition));
        keys.add(CheckpointKey.ofFill(group, topic, partition));
        keys.add(CheckpointKey.ofWait(group, topic, partition));
      }
      nodes.forEach(other -> keys.add(CheckpointKey.ofDown(group, topic, other.toString())));
      Map<String, Present> there = connection.readPresent(keys);
      Present owners = there.get(NodeOwners.KEY);
      Optional<String> refusal =
          NodeOwnership.refusal(
                  new Owner(null, topic, group),
                  writtenWith,
                  node.toString(),
                  owners == null ? null : owners.value())
              .flatMap(NodeOwnership::refusal);
      if (refusal.isPresent()) {
        return NodeSnapshot.notOurs(node, NodeStats.read(connection), refusal.get());
      }
      Map<Integer, OnPartition> found = new HashMap<>();
      for (int partition : partitions) {
        found.put(partition, onPartition(node, topicId, partition, there));
      }
      Map<NodeAddress, Instant> downSince = new HashMap<>();
      for (NodeAddress other : nodes) {
        Instant since =
            said(there.get(CheckpointKey.ofDown(group, topic, other.toString())), DownNote::decode);
        if (since != null) {
          downSince.put(other, since);
        }
      }
      return NodeSnapshot.of(
          node, found, downSince, NodeStats.read(connection), otherList(found.values()));
    } catch (IOException e) {
      return NodeSnapshot.none(node, e.getMessage());
    }
  }

  private OnPartition onPartition(
      NodeAddress node, Uuid topicId, int partition, Map<String, Present> there) {
    Present checkpoint = there.get(CheckpointKey.of(group, topic, partition));
    Present fill = there.get(CheckpointKey.ofFill(group, topic, partition));
    return new OnPartition(
        said(checkpoint, value -> decode(node, value).filter(its -> its.topicId().equals(topicId))),
        checkpoint != null,
        said(fill, FillProgress::decode),
        fill == null ? 0 : fill.cas(),
        said(there.get(CheckpointKey.ofWait(group, topic, partition)), WaitNote::decode));
  }

  private static <T> @Nullable T said(
      @Nullable Present entry, Function<byte[], Optional<T>> decode) {
    return entry == null ? null : decode.apply(entry.value()).orElse(null);
  }

  /** Whose checkpoints are of another list of nodes than this command's, in words. */
  private @Nullable String otherList(Collection<OnPartition> found) {
    return found.stream()
        .flatMap(its -> Stream.ofNullable(its.checkpoint()))
        .filter(there -> !writtenWith.differencesToAReaderFrom(there.writtenWith()).isEmpty())
        .max(Comparator.comparingLong(Checkpoint::sinceMillis))
        .map(
            there ->
                "the sink %s keeps the nodes \"%s\", and here they are \"%s\"%s"
                    .formatted(
                        nameOf(there),
                        String.join(",", there.writtenWith().nodes()),
                        String.join(",", writtenWith.nodes()),
                        found.stream()
                            .flatMap(its -> Stream.ofNullable(its.checkpoint()))
                            .filter(its -> its.writtenWith().equals(writtenWith))
                            .findFirst()
                            .map(ours -> ", as of the sink " + nameOf(ours))
                            .orElse("")))
        .orElse(null);
  }

  private static String nameOf(Checkpoint checkpoint) {
    return checkpoint.conn().equals(Checkpoint.RELEASED)
        ? "that has stopped"
        : "connected from " + checkpoint.conn();
  }

  private Optional<Checkpoint> decode(NodeAddress node, byte[] value) {
    Optional<Checkpoint> checkpoint = Checkpoint.decode(value);
    checkpoint
        .filter(found -> !writtenWith.sameEntriesAs(found.writtenWith()))
        .ifPresent(
            found -> {
              throw new SettingsDifferException(
                  node.toString(), writtenWith.differencesFrom(found.writtenWith()));
            });
    return checkpoint;
  }
}
