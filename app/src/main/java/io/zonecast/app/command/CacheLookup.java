package io.zonecast.app.command;

import io.zonecast.app.settings.CacheSettings;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.owner.NodeOwnership;
import io.zonecast.sink.owner.Owner;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks zones up as an application does: each key on the one node that the placement gives it.
 * Connects to a node when it is first asked, and only reads from it if its entries are those of the
 * settings given.
 */
final class CacheLookup implements AutoCloseable {
  /** A node keeps a checkpoint of each partition, and all of them name the settings. */
  private static final int ANY_PARTITION = 0;

  private static final Pattern ZIP = Pattern.compile("\\d{5}");
  private static final int PREFIX = 3;

  private final CacheSettings settings;
  private final String topic;
  private final EntryZone zones;
  private final Map<NodeAddress, NodeConnection> connections = new HashMap<>();

  /**
   * What the cache has of one pair.
   *
   * @param asked the pair
   * @param zoneKey the one that answered: with a destination of five digits, {@code asked} or, if
   *     that is absent, the one with its first three; {@code asked} if neither is there
   * @param key {@code zoneKey} as in the cache, with its prefix
   * @param zone null if the node has no such entry
   */
  record Found(
      ZoneKey asked, ZoneKey zoneKey, String key, NodeAddress node, @Nullable String zone) {}

  CacheLookup(CacheSettings settings, CommonOptions common) {
    this.settings = settings;
    this.topic = common.topic();
    this.zones = new EntryZone(settings.layout().valueFormat(), common);
  }

  /**
   * Looks up all pairs, most specific first, with one request to each node that has some of them.
   *
   * @return in the order of {@code pairs}
   * @throws SettingsDifferException if a node was written with other settings
   * @throws io.zonecast.sink.owner.NotOurNodeException if a node's entries are another owner's
   * @throws IOException if a node does not answer, or an entry holds no zone
   */
  List<Found> find(List<ZoneKey> pairs) throws IOException {
    Map<NodeAddress, Set<String>> asked = new LinkedHashMap<>();
    for (ZoneKey pair : pairs) {
      for (ZoneKey key : keysOf(pair)) {
        String cached = cached(key);
        asked
            .computeIfAbsent(settings.layout().nodeOf(cached), node -> new LinkedHashSet<>())
            .add(cached);
      }
    }
    Map<String, String> found = new HashMap<>();
    for (Map.Entry<NodeAddress, Set<String>> each : asked.entrySet()) {
      NodeConnection node = connection(each.getKey());
      for (VersionedEntry entry : node.readEntries(List.copyOf(each.getValue()))) {
        if (entry instanceof VersionedEntry.Present present) {
          found.put(present.key(), zones.of(present));
        }
      }
    }
    return pairs.stream().map(pair -> answer(pair, found)).toList();
  }

  private Found answer(ZoneKey pair, Map<String, String> found) {
    ZoneKey key =
        keysOf(pair).stream()
            .filter(its -> found.containsKey(cached(its)))
            .findFirst()
            .orElse(pair);
    String cached = cached(key);
    return new Found(pair, key, cached, settings.layout().nodeOf(cached), found.get(cached));
  }

  /** The keys that may have a pair's zone, the most specific first. */
  private static List<ZoneKey> keysOf(ZoneKey pair) {
    return ZIP.matcher(pair.destination()).matches()
        ? List.of(
            pair,
            ZoneKey.of(pair.carrier(), pair.origin(), pair.destination().substring(0, PREFIX)))
        : List.of(pair);
  }

  private String cached(ZoneKey key) {
    return settings.layout().keyPrefix() + key;
  }

  @Override
  public void close() {
    connections.values().forEach(NodeConnection::close);
  }

  private NodeConnection connection(NodeAddress node) throws IOException {
    NodeConnection connection = connections.get(node);
    if (connection == null) {
      connection = NodeConnection.open(node, ConnectionSettings.DEFAULT);
      connections.put(node, connection);
      requireOurs(node, connection);
    }
    return connection;
  }

  private void requireOurs(NodeAddress node, NodeConnection connection) throws IOException {
    List<VersionedEntry> found =
        connection.readEntries(
            List.of(CheckpointKey.of(settings.group(), topic, ANY_PARTITION), NodeOwners.KEY));
    requireAgreement(settings.writtenWith(), node, found.get(0));
    NodeOwnership.refusal(
            new Owner(null, topic, settings.group()),
            settings.writtenWith(),
            node.toString(),
            VersionedEntry.valueOf(found.get(1)))
        .ifPresent(NodeOwnership::requireOurs);
  }

  /** An entry is looked for where it was put: with other settings it only seems to be absent. */
  private static void requireAgreement(
      WrittenWith ours, NodeAddress node, VersionedEntry checkpoint) {
    if (!(checkpoint instanceof VersionedEntry.Present present)) {
      return;
    }
    Optional<WrittenWith> theirs = Checkpoint.decode(present.value()).map(Checkpoint::writtenWith);
    List<String> differences = theirs.map(ours::differencesToAReaderFrom).orElse(List.of());
    if (!differences.isEmpty()) {
      throw new SettingsDifferException(node.toString(), differences);
    }
  }
}
