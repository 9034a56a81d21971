package io.zonecast.sink.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Lists the connections that last wrote one partition to each node. The metadata of the group's
 * committed offset keeps them, because after a flush no checkpoint tells who may still write.
 *
 * @param byNode connections by node, the latest last
 */
public record KnownWriters(Map<String, List<String>> byNode) {
  public static final KnownWriters NONE = new KnownWriters(Map.of());

  private static final String MAGIC = "zonecast-writers/1";

  /** Brokers take 4,096 bytes ({@code offset.metadata.max.bytes}). */
  private static final int MAX_BYTES = 4_000;

  private static final int MOST_FOR_A_NODE = 8;

  public KnownWriters {
    byNode = Collections.unmodifiableSortedMap(new TreeMap<>(byNode));
  }

  /** The connections that may have written to a node, the latest last. */
  public List<String> of(String node) {
    return byNode.getOrDefault(node, List.of());
  }

  /** A copy with one more connection; beyond {@value #MOST_FOR_A_NODE} the oldest is dropped. */
  public KnownWriters with(String node, String conn) {
    var conns = new ArrayList<>(of(node));
    conns.remove(conn);
    conns.add(conn);
    while (conns.size() > MOST_FOR_A_NODE) {
      conns.remove(0);
    }
    return replaced(node, conns);
  }

  /** A copy without connections that are known to be closed. */
  public KnownWriters without(String node, Collection<String> gone) {
    var conns = new ArrayList<>(of(node));
    conns.removeAll(gone);
    return replaced(node, conns);
  }

  private KnownWriters replaced(String node, List<String> conns) {
    Map<String, List<String>> copy = new TreeMap<>(byNode);
    if (conns.isEmpty()) {
      copy.remove(node);
    } else {
      copy.put(node, List.copyOf(conns));
    }
    return new KnownWriters(copy);
  }

  /** As metadata; nodes that do not fit in {@value #MAX_BYTES} bytes are left out. */
  public String encode() {
    var text = new StringBuilder(MAGIC);
    for (var entry : byNode.entrySet()) {
      String word = ' ' + entry.getKey() + '=' + String.join("+", entry.getValue());
      if (text.length() + word.length() <= MAX_BYTES) {
        text.append(word);
      }
    }
    return text.toString();
  }

  /** Whether a sink wrote this metadata. */
  public static boolean wrote(String metadata) {
    return metadata.equals(MAGIC) || metadata.startsWith(MAGIC + ' ');
  }

  /** Reads metadata; {@link #NONE} if no sink wrote it. */
  public static KnownWriters decode(String metadata) {
    String[] words = metadata.split(" ", -1);
    if (!words[0].equals(MAGIC)) {
      return NONE;
    }
    Map<String, List<String>> byNode = new TreeMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals > 0) {
        byNode.put(
            words[i].substring(0, equals),
            List.of(words[i].substring(equals + 1).split("\\+", -1)));
      }
    }
    return new KnownWriters(byNode);
  }

  @Override
  public String toString() {
    return byNode.entrySet().stream()
        .map(entry -> entry.getKey() + " by " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
