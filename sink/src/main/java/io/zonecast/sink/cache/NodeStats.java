package io.zonecast.sink.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A node's statistics.
 *
 * @param entries of all its users ({@code curr_items})
 * @param bytes what they take with their overhead, without what slab classes waste
 * @param limitBytes the memory it may use for them ({@code -m})
 * @param evictions entries thrown out since the node started, for lack of memory or because their
 *     page went to another slab class; each may have been a zone
 * @param uptime of the process, in whole seconds
 * @param slabClasses the sizes that it rounds entries up to
 */
public record NodeStats(
    long entries,
    long bytes,
    long limitBytes,
    long evictions,
    Duration uptime,
    SlabClasses slabClasses) {

  /** Counters of entries that the server removed by itself; not every server has each. */
  private static final List<String> LOSSES =
      List.of(
          "slab_reassign_evictions_nomem",
          "slab_reassign_busy_deletes",
          "extstore_objects_evicted",
          "extstore_compact_lost");

  /**
   * Asks the node, in two round trips: {@code stats} and {@code stats settings}.
   *
   * @throws ProxyException if it is not a node but memcached's proxy
   */
  public static NodeStats read(NodeConnection connection) throws IOException {
    Map<String, String> general = connection.stats("");
    Map<String, String> settings = connection.stats("settings");
    if (general.containsKey("proxy_config_reloads")
        || "yes".equals(settings.get("proxy_enabled"))) {
      throw new ProxyException(connection.address());
    }
    long evictions = number(connection, general, "evictions");
    for (String loss : LOSSES) {
      evictions += general.containsKey(loss) ? number(connection, general, loss) : 0;
    }
    return new NodeStats(
        number(connection, general, "curr_items"),
        number(connection, general, "bytes"),
        number(connection, general, "limit_maxbytes"),
        evictions,
        Duration.ofSeconds(number(connection, general, "uptime")),
        SlabClasses.of(settings));
  }

  private static long number(NodeConnection connection, Map<String, String> stats, String name)
      throws IOException {
    String value = stats.get(name);
    try {
      if (value != null) {
        return Long.parseLong(value);
      }
    } catch (NumberFormatException e) {
      // Falls through to say what was there.
    }
    throw new IOException(
        "memcached %s: its statistics have \"%s\" for %s, where a number belongs"
            .formatted(connection.address(), value, name));
  }
}
