package io.zonecast.sink.entry;

import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Decides the node, the key and the form of each entry. A reader with another layout finds nothing.
 *
 * @param nodes the pool, in the order of the readers' clients
 * @param keyPrefix goes before a record's key
 * @param clientFlags stored beside each value, for the readers' clients
 */
public record CacheLayout(
    List<NodeAddress> nodes,
    PlacementScheme placement,
    String keyPrefix,
    ValueFormat valueFormat,
    long clientFlags) {
  public CacheLayout {
    nodes = List.copyOf(nodes);
  }

  /** The layout of the options' defaults. */
  public static CacheLayout of(List<NodeAddress> nodes) {
    return new CacheLayout(nodes, PlacementScheme.MODULO, "zone:", ValueFormat.ZONE, 0);
  }

  /** The settings that a sink with this layout writes into its checkpoints. */
  public WrittenWith writtenWith() {
    return new WrittenWith(
        keyPrefix,
        valueFormat.optionName(),
        clientFlags,
        placement.toString(),
        nodes.stream().map(NodeAddress::toString).toList());
  }

  public Placement placed() {
    return placement.place(nodes);
  }

  /** Makes a reader, for one thread, of a topic with n partitions. */
  public EntryReader reader(int partitions, RowDecoder decoder) {
    return new EntryReader(partitions, keyPrefix, valueFormat, placed(), decoder);
  }

  /** The node that readers ask for {@code key}, prefix included. */
  public NodeAddress nodeOf(String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    return nodes.get(placed().nodeFor(utf8, 0, utf8.length));
  }
}
