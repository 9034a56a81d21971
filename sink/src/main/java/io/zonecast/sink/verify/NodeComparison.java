package io.zonecast.sink.verify;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.deadletter.DeadLetterIndex;
import io.zonecast.sink.replay.Fold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node against the table, in three steps a pass: {@link #compare} finds suspects, {@link
 * #lookAgain} drops those that were only late, {@link #confirm} those whose key has changed since.
 * Each step is run by one thread at a time.
 */
final class NodeComparison {
  private static final Logger LOG = LoggerFactory.getLogger(NodeComparison.class);

  private static final int MOST_EXAMPLES = 10;

  private final VerifyTarget target;
  private final NodeAddress node;
  private final int nodeIndex;
  private final Placement placement;
  private final String keyPrefix;
  private final byte[] prefix;

  private final Map<EntryKind, Long> counts = new EnumMap<>(EntryKind.class);
  private final List<String> examples = new ArrayList<>();
  private final Set<Integer> damagedPartitions = new TreeSet<>();
  private final KeyList confirmedExtras = new KeyList();
  private KeyList suspects = new KeyList();
  private Map<Integer, Long> positions = Map.of();
  private @Nullable NodeStats stats;
  private @Nullable MemoryNeed need;
  private String notListed = "";
  private String unreachable = "";

  NodeComparison(VerifyTarget target, NodeAddress node, Placement placement) {
    this.target = target;
    this.node = node;
    this.nodeIndex = target.pool().indexOf(node);
    this.placement = placement;
    this.keyPrefix = target.writtenWith().keyPrefix();
    this.prefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
  }

  /** What is done with a node in one go. */
  private interface Step {
    void on(NodeConnection connection) throws IOException;
  }

  /** Takes a step, unless the node is lost; one that is lost meanwhile has no suspects. */
  private void take(Step step) {
    if (!unreachable.isEmpty()) {
      return;
    }
    try (NodeConnection connection = NodeConnection.open(node, target.connections())) {
      step.on(connection);
    } catch (IOException | UncheckedIOException e) {
      unreachable = String.valueOf(e.getMessage());
      suspects = new KeyList();
    }
  }

  /** What the node keeps of our partitions; nothing if it cannot be asked. */
  List<Checkpoint> checkpoints() {
    List<Checkpoint> found = new ArrayList<>();
    take(connection -> found.addAll(checkpoints(connection)));
    return found;
  }

  private List<Checkpoint> checkpoints(NodeConnection connection) throws IOException {
    return connection.readEntries(target.us().checkpointKeys()).stream()
        .flatMap(entry -> Checkpoint.in(entry).stream())
        .toList();
  }

  /**
   * Reads every entry that the table's pass has for this node, and lists the keys that the node
   * has.
   *
   * @param done told the number of entries compared, as they are
   */
  void compare(TopicTable table, LongConsumer done) {
    long startNanos = System.nanoTime();
    take(
        connection -> {
          MemoryNeed sum = need(connection);
          EntryReading reading =
              reading(
                  connection,
                  table,
                  count -> {
                    count(EntryKind.CHECKED, count);
                    done.accept(count);
                  });
          for (int p = 0; p < table.partitions(); p++) {
            int partition = p;
            table
                .fold(partition)
                .forEach(
                    nodeIndex,
                    0,
                    (offset, bytes, keyAt, keyLength, valueAt, valueLength) -> {
                      if (valueLength >= 0) {
                        if (sum != null) {
                          sum.add(keyLength, valueLength);
                        }
                        reading.add(bytes, keyAt, keyLength, partition);
                      }
                    });
          }
          reading.finish();
          list(table);
          LOG.debug("node={} compared, ms={}", node, Verifier.millisSince(startNanos));
        });
  }

  private EntryReading reading(NodeConnection connection, TopicTable table, LongConsumer answered) {
    return new EntryReading(connection, target, nodeIndex, table, suspects, answered);
  }

  /** What the passes so far add up to; null if the node does not say what it is made of. */
  private @Nullable MemoryNeed need(NodeConnection connection) throws IOException {
    if (stats == null) {
      try {
        stats = NodeStats.read(connection);
        need =
            new MemoryNeed(stats.slabClasses(), prefix.length, target.writtenWith().clientFlags());
      } catch (IOException e) {
        // One that answers something else, as a proxy may, is compared all the same.
        if (!connection.isOpen()) {
          throw e;
        }
      }
    }
    return need;
  }

  private void list(TopicTable table) throws IOException {
    if (!notListed.isEmpty()) {
      return;
    }
    try {
      new KeyCrawler(node, target.connections(), keyPrefix)
          .crawl(
              (key, length) -> {
                look(table, key, length);
                return true;
              });
    } catch (CrawlerRefusedException e) {
      notListed = String.valueOf(e.getMessage());
    }
  }

  private void look(TopicTable table, byte[] key, int length) {
    int keyLength = length - prefix.length;
    if (!ZoneKey.isValid(key, prefix.length, keyLength)) {
      return;
    }
    int partition = partitionOf(Arrays.copyOfRange(key, prefix.length, length));
    Fold fold = table.fold(partition);
    if (fold.covers(key, prefix.length, keyLength)
        && !fold.holdsLive(nodeIndex, key, prefix.length, keyLength)) {
      suspects.add(key, prefix.length, keyLength, 0);
    }
  }

  private int partitionOf(byte[] key) {
    return KeyPartition.of(key, target.topic().partitions());
  }

  boolean hasSuspects() {
    return suspects.size() > 0;
  }

  /** Reads the suspects again; what is right by now was only late. */
  void lookAgain(TopicTable table) {
    if (!hasSuspects()) {
      return;
    }
    KeyList before = suspects;
    suspects = new KeyList();
    take(
        connection -> {
          // Before the entries: what is older than these positions is there, or really missing.
          positions = positions(connection);
          EntryReading reading = reading(connection, table, count -> {});
          for (int i = 0; i < before.size(); i++) {
            byte[] key = before.key(i);
            reading.add(key, 0, key.length, partitionOf(key));
          }
          reading.finish();
        });
  }

  private boolean isExpected(TopicTable table, byte[] key) {
    return table.fold(partitionOf(key)).holdsLive(nodeIndex, key, 0, key.length);
  }

  /** How far the node has got, by its checkpoints; one that is being filled has no position. */
  private Map<Integer, Long> positions(NodeConnection connection) throws IOException {
    Map<Integer, Long> found = new HashMap<>();
    for (Checkpoint checkpoint : checkpoints(connection)) {
      if (checkpoint.state() == Checkpoint.State.LIVE
          && checkpoint.topicId().equals(target.topic().topicId())) {
        found.put(checkpoint.partition(), checkpoint.nextOffset());
      }
    }
    return found;
  }

  /**
   * Counts what is left.
   *
   * @param changed keys with a record behind the table's end: whatever the node holds may be right
   * @param deadLetters tells whether the record at an offset of a partition is a dead letter
   */
  void confirm(TopicTable table, Set<String> changed, DeadLetterIndex deadLetters) {
    Set<String> unreadable = table.unreadable();
    for (int i = 0; i < suspects.size(); i++) {
      byte[] key = suspects.key(i);
      String text = TopicTable.text(key);
      int partition = partitionOf(key);
      long offset = table.fold(partition).offsetOf(key, 0, key.length);
      EntryKind kind = kind(table, key, suspects.number(i));
      boolean ours = kind != EntryKind.FOREIGN;
      if (changed.contains(text) || (ours && unreadable.contains(text))) {
        continue;
      }
      if (kind == EntryKind.MISSING && deadLetters.contains(partition, offset)) {
        count(EntryKind.UNREADABLE, 1);
      } else if (ours && offset >= positions.getOrDefault(partition, Long.MAX_VALUE)) {
        count(EntryKind.BEHIND, 1);
        count(EntryKind.CHECKED, isExpected(table, key) ? -1 : 0);
      } else {
        differs(kind, text);
        if (isExpected(table, key)) {
          damagedPartitions.add(partition);
        } else {
          confirmedExtras.add(key, 0, key.length, suspects.number(i));
        }
      }
    }
    suspects = new KeyList();
  }

  private EntryKind kind(TopicTable table, byte[] key, long cas) {
    if (isExpected(table, key)) {
      return cas == EntryReading.ABSENT ? EntryKind.MISSING : EntryKind.DIFFERENT;
    }
    return owner(TopicTable.text(key)) == nodeIndex ? EntryKind.ORPHANED : EntryKind.FOREIGN;
  }

  private void count(EntryKind kind, long entries) {
    counts.merge(kind, entries, Long::sum);
  }

  private void differs(EntryKind how, String key) {
    count(how, 1);
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(how.name().toLowerCase(Locale.ROOT) + " " + keyPrefix + key);
    }
  }

  /** Counts the keys of this node whose latest record cannot be read. */
  void countUnreadable(Set<String> keys) {
    count(EntryKind.UNREADABLE, keys.stream().filter(key -> owner(key) == nodeIndex).count());
  }

  private int owner(String key) {
    return placement.nodeFor((keyPrefix + key).getBytes(StandardCharsets.UTF_8));
  }

  NodeAddress node() {
    return node;
  }

  /** The partitions in which something is missing or different. */
  Set<Integer> damagedPartitions() {
    return damagedPartitions;
  }

  /** The orphaned and foreign keys, without the prefix, each with its entry's CAS. */
  KeyList extraEntries() {
    return confirmedExtras;
  }

  NodeVerification verification() {
    return new NodeVerification(
        node.toString(),
        counts,
        examples,
        stats == null || need == null ? null : need.on(node, stats),
        notListed,
        unreachable);
  }
}
