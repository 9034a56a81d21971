package io.zonecast.sink.checkpoint;

import io.zonecast.sink.cache.placement.PlacementScheme;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings that decide under which key, on which node and with which bytes readers find a row.
 * They do not find entries written with others, so each checkpoint names them.
 *
 * @param keyPrefix goes before the record's key; never empty, since a sweep of the empty prefix
 *     would delete every entry of the node
 * @param valueFormat as in {@code --value-format}
 * @param clientFlags the memcached client flags of each entry, 0 to 2^32-1
 * @param placement as in {@code --placement}
 * @param nodes the pool, each as {@code host:port}: sorted if the placement ignores their order, so
 *     that equal pools are equal
 */
public record WrittenWith(
    String keyPrefix, String valueFormat, long clientFlags, String placement, List<String> nodes) {

  private static final int MAX_KEY_BYTES = 250;

  /** Leaves room for the longest zone key: three parts of 32 characters and two colons. */
  private static final int MAX_PREFIX_BYTES = MAX_KEY_BYTES - (3 * 32 + 2);

  public WrittenWith {
    nodes = PlacementScheme.isOrdered(placement) ? List.copyOf(nodes) : sorted(nodes);
    if (keyPrefix.isEmpty()) {
      throw new IllegalArgumentException(
          "--key-prefix is empty: the sweep of orphans would take every key on the node;"
              + " set one, as zone:");
    }
    int bytes = keyPrefix.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PREFIX_BYTES) {
      throw new IllegalArgumentException(
          ("--key-prefix of %d bytes: with the longest zone key behind it, memcached's %d bytes are"
                  + " exceeded; use at most %d")
              .formatted(bytes, MAX_KEY_BYTES, MAX_PREFIX_BYTES));
    }
    if (keyPrefix.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw new IllegalArgumentException(
          "--key-prefix \""
              + keyPrefix.replaceAll("\\p{Cntrl}", "?")
              + "\" has a space or a control character, which memcached's protocol does not take");
    }
  }

  /** Whether readers find the same bytes under the same keys, if the pool is the same. */
  public boolean sameEntriesAs(WrittenWith other) {
    return differencesFrom(other).isEmpty();
  }

  /** The differences that readers notice, without the pool; each names the option. */
  public List<String> differencesFrom(WrittenWith other) {
    var differences = new ArrayList<String>();
    difference(differences, "--key-prefix", other.keyPrefix, keyPrefix);
    difference(differences, "--value-format", other.valueFormat, valueFormat);
    difference(differences, "--client-flags", other.clientFlags, clientFlags);
    difference(differences, "--placement", other.placement, placement);
    return differences;
  }

  /** As {@link #differencesFrom}, and the pool as well. */
  public List<String> allDifferencesFrom(WrittenWith other) {
    var differences = new ArrayList<>(differencesFrom(other));
    difference(differences, "--memcached", String.join(",", other.nodes), String.join(",", nodes));
    return differences;
  }

  /**
   * As {@link #allDifferencesFrom}; but leaves out the pool if it may be the same under other
   * names, as seen from another network, and the placement uses only the nodes' order.
   */
  public List<String> differencesToAReaderFrom(WrittenWith other) {
    boolean mayBeOtherNames =
        PlacementScheme.isOrdered(placement)
            && nodes.size() == other.nodes.size()
            && !sorted(nodes).equals(sorted(other.nodes));
    return mayBeOtherNames ? differencesFrom(other) : allDifferencesFrom(other);
  }

  private static List<String> sorted(List<String> nodes) {
    return nodes.stream().sorted().toList();
  }

  private static void difference(List<String> into, String option, Object there, Object here) {
    if (!there.equals(here)) {
      into.add(option + " is \"" + there + "\" there and \"" + here + "\" here");
    }
  }
}
