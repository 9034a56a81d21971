package io.zonecast.app.settings;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.entry.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the entries lie in the cache.
 *
 * @param nodes one pool, in the order that the readers' clients have
 * @param keyPrefix what stands before a record's key
 * @param clientFlags stored beside each value, for the readers' clients
 */
public record CacheSettings(
    String group,
    List<NodeAddress> nodes,
    PlacementScheme placement,
    String keyPrefix,
    ValueFormat valueFormat,
    long clientFlags) {
  public CacheSettings {
    nodes = List.copyOf(nodes);
  }

  /** What the checkpoints of a sink with these settings say of its entries. */
  public WrittenWith writtenWith() {
    return new WrittenWith(
        keyPrefix,
        valueFormat.optionName(),
        clientFlags,
        placement.toString(),
        nodes.stream().map(NodeAddress::toString).toList());
  }

  /**
   * The node that {@code --node} names, which must be one of the pool; all of them where it is
   * null.
   */
  public List<NodeAddress> chosen(@Nullable String node, Problems problems) {
    if (node == null) {
      return nodes;
    }
    Optional<NodeAddress> named =
        problems.attempt(() -> Optional.of(NodeAddress.parse(node)), Optional.empty());
    if (named.isPresent() && !nodes.contains(named.get())) {
      problems.add(
          "--node %s: not in the pool %s; name one of --memcached"
              .formatted(
                  node,
                  nodes.stream().map(NodeAddress::toString).collect(Collectors.joining(","))));
    }
    return named.map(List::of).orElse(nodes);
  }

  /** The node that readers ask for {@code key}, prefix included. */
  public NodeAddress nodeOf(String key) {
    Placement placed = placement.place(nodes);
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    return nodes.get(placed.nodeFor(utf8, 0, utf8.length));
  }
}
