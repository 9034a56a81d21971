package io.zonecast.app.command;

import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.entry.CacheLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the cache shows what it is to show, asking as a busy application does. Connects to
 * every node at once: whoever measures a delay has that behind before it begins.
 */
public final class CacheWait implements AutoCloseable {
  /** Asked for in one request. */
  private static final int MOST_KEYS = 200;

  private final CacheLayout cache;
  private final ZoneOf zones;
  private final Map<NodeAddress, NodeConnection> connections = new HashMap<>();

  /** Reads the zone out of an entry. */
  @FunctionalInterface
  public interface ZoneOf {
    String read(VersionedEntry.Present entry) throws IOException;
  }

  public CacheWait(CacheLayout cache, ZoneOf zones) throws IOException {
    this.cache = cache;
    this.zones = zones;
    try {
      for (NodeAddress node : cache.nodes()) {
        connections.put(node, NodeConnection.open(node, ConnectionSettings.DEFAULT));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Asks until every key has its zone, or none where that is empty.
   *
   * @param expected by key, without the prefix; an optional that is empty: no entry
   * @return how many were still missing at the end of {@code patience}
   */
  public int await(Map<String, Optional<String>> expected, Duration patience)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Map<NodeAddress, Map<String, Optional<String>>> left = byNode(expected);
    look(left);
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      // memcached announces no change; the figure must be good to a millisecond.
      Thread.sleep(1);
      look(left);
    }
    return left.values().stream().mapToInt(Map::size).sum();
  }

  /**
   * Looks once.
   *
   * @param expected as for {@link #await}
   * @return the keys that have their zone
   */
  public Set<String> arrived(Map<String, Optional<String>> expected) throws IOException {
    Map<NodeAddress, Map<String, Optional<String>>> left = byNode(expected);
    look(left);
    Set<String> arrived = new HashSet<>(expected.keySet());
    for (Map<String, Optional<String>> missing : left.values()) {
      missing.keySet().forEach(key -> arrived.remove(key.substring(cache.keyPrefix().length())));
    }
    return arrived;
  }

  @Override
  public void close() {
    connections.values().forEach(NodeConnection::close);
  }

  /** What each node is to show, by the key as it is there. */
  private Map<NodeAddress, Map<String, Optional<String>>> byNode(
      Map<String, Optional<String>> expected) {
    Map<NodeAddress, Map<String, Optional<String>>> byNode = new HashMap<>();
    expected.forEach(
        (key, zone) ->
            byNode
                .computeIfAbsent(cache.nodeOf(cache.keyPrefix() + key), node -> new HashMap<>())
                .put(cache.keyPrefix() + key, zone));
    return byNode;
  }

  /** Takes out of {@code left} what is as it is to be, and the nodes of which nothing is left. */
  private void look(Map<NodeAddress, Map<String, Optional<String>>> left) throws IOException {
    for (Map.Entry<NodeAddress, NodeConnection> node : connections.entrySet()) {
      look(node.getValue(), left.getOrDefault(node.getKey(), Map.of()));
    }
    left.values().removeIf(Map::isEmpty);
  }

  private void look(NodeConnection connection, Map<String, Optional<String>> left)
      throws IOException {
    List<String> keys = new ArrayList<>(left.keySet());
    for (int from = 0; from < keys.size(); from += MOST_KEYS) {
      List<String> asked = keys.subList(from, Math.min(keys.size(), from + MOST_KEYS));
      List<VersionedEntry> found = connection.readEntries(asked);
      for (int i = 0; i < asked.size(); i++) {
        String wanted = left.getOrDefault(asked.get(i), Optional.empty()).orElse(null);
        if (Objects.equals(wanted, zone(found.get(i)))) {
          left.remove(asked.get(i));
        }
      }
    }
  }

  private @Nullable String zone(VersionedEntry entry) throws IOException {
    return entry instanceof VersionedEntry.Present present ? zones.read(present) : null;
  }
}
