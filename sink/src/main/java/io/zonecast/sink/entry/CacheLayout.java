package io.zonecast.sink.entry;

import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.cache.placement.PlacementScheme;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How the entries lie in the cache: a reader with another layout than the writer's finds nothing.
 *
 * @param nodes one pool, in the order that the readers' clients have
 * @param keyPrefix what stands before a record's key
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

  /** What the options say where they are not given. */
  public static CacheLayout of(List<NodeAddress> nodes) {
    return new CacheLayout(nodes, PlacementScheme.MODULO, "zone:", ValueFormat.ZONE, 0);
  }

  /** What the checkpoints of a sink with this layout say of its entries. */
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

  /** Makes the reader of one thread, of the records of a topic with so many partitions. */
  public EntryReader reader(int partitions, RowDecoder decoder) {
    return new EntryReader(partitions, keyPrefix, valueFormat, placed(), decoder);
  }

  /** The node that readers ask for {@code key}, prefix included. */
  public NodeAddress nodeOf(String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    return nodes.get(placed().nodeFor(utf8, 0, utf8.length));
  }
}
