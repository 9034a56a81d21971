package io.zonecast.sink.verify;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.CrawlerRefusedException;
import io.zonecast.sink.cache.KeyBatch;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.cache.placement.Placement;
import io.zonecast.sink.deadletter.DeadLetterIndex;
import io.zonecast.sink.fill.Fold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
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
  private static final int WINDOW_ENTRIES = 8 * ValueBatch.MOST_KEYS;

  /** A node lists its keys to one asker at a time. */
  private static final Duration CRAWLER_PATIENCE = Duration.ofMinutes(1);

  private final NodeAddress node;
  private final int nodeIndex;
  private final ConnectionSettings connections;
  private final String keyPrefix;
  private final byte[] prefix;
  private final long clientFlags;
  private final Placement placement;

  private KeyList suspects = new KeyList();
  private KeyList extras = new KeyList();

  private final Set<Integer> damagedPartitions = new TreeSet<>();
  private final KeyList confirmedExtras = new KeyList();
  private final List<String> examples = new ArrayList<>();
  private long checked;
  private long missing;
  private long different;
  private long orphaned;
  private long foreign;
  private long unreadable;
  private @Nullable NodeStats stats;
  private @Nullable MemoryNeed need;
  private String notListed = "";
  private String unreachable = "";

  NodeComparison(
      NodeAddress node,
      int nodeIndex,
      ConnectionSettings connections,
      String keyPrefix,
      long clientFlags,
      Placement placement) {
    this.node = node;
    this.nodeIndex = nodeIndex;
    this.connections = connections;
    this.keyPrefix = keyPrefix;
    this.prefix = keyPrefix.getBytes(StandardCharsets.UTF_8);
    this.clientFlags = clientFlags;
    this.placement = placement;
  }

  /**
   * Reads every entry that the table's pass has for this node, and lists the keys that the node
   * has.
   *
   * @param done told the number of entries compared, as they are
   */
  void compare(TopicTable table, LongConsumer done) {
    if (!unreachable.isEmpty()) {
      return;
    }
    suspects = new KeyList();
    extras = new KeyList();
    long startNanos = System.nanoTime();
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      MemoryNeed sum = need(connection);
      var values = new Values(connection, done);
      for (int partition = 0; partition < table.partitions(); partition++) {
        int at = partition;
        table
            .fold(partition)
            .forEach(
                nodeIndex,
                0,
                (offset, bytes, keyAt, keyLength, valueAt, valueLength) -> {
                  if (valueLength >= 0) {
                    checked++;
                    if (sum != null) {
                      sum.add(keyLength, valueLength);
                    }
                    values.add(at, bytes, keyAt, keyLength, valueAt, valueLength);
                  }
                  return true;
                });
      }
      values.finish();
      LOG.debug("node={} read entries={} ms={}", node, checked, Verifier.millisSince(startNanos));
      list(table);
      LOG.debug("node={} listed, ms={}", node, Verifier.millisSince(startNanos));
    } catch (IOException | UncheckedIOException e) {
      unreachable = String.valueOf(e.getMessage());
    }
  }

  /** What the passes so far add up to; null if the node does not say what it is made of. */
  private @Nullable MemoryNeed need(NodeConnection connection) throws IOException {
    if (stats == null) {
      try {
        stats = NodeStats.read(connection);
        need = new MemoryNeed(stats.slabClasses(), prefix.length, clientFlags);
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
      new KeyCrawler(node, connections, CRAWLER_PATIENCE, keyPrefix)
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
    int partition =
        KeyPartition.of(Arrays.copyOfRange(key, prefix.length, length), table.partitions());
    Fold fold = table.fold(partition);
    if (fold.covers(key, prefix.length, keyLength)
        && !fold.holdsLive(nodeIndex, key, prefix.length, keyLength)) {
      extras.add(key, prefix.length, keyLength, partition);
    }
  }

  boolean hasSuspects() {
    return suspects.size() + extras.size() > 0;
  }

  /** Reads the suspects again; what is right by now was only late. */
  void lookAgain(TopicTable table) {
    if (!unreachable.isEmpty() || !hasSuspects()) {
      return;
    }
    KeyList before = suspects;
    suspects = new KeyList();
    try (NodeConnection connection = NodeConnection.open(node, connections)) {
      var values = new Values(connection, count -> {});
      for (int i = 0; i < before.size(); i++) {
        int partition = (int) (before.number(i) >>> 1);
        boolean found =
            table
                .fold(partition)
                .find(
                    before.bytes(),
                    before.start(i),
                    before.length(i),
                    (offset, bytes, keyAt, keyLength, valueAt, valueLength) -> {
                      values.add(partition, bytes, keyAt, keyLength, valueAt, valueLength);
                      return true;
                    });
        if (!found) {
          throw new IllegalStateException("a suspect that the table does not have");
        }
      }
      values.finish();
      lookAgainAtExtras(connection);
    } catch (IOException | UncheckedIOException e) {
      unreachable = String.valueOf(e.getMessage());
    }
  }

  /** Keeps those that are still there, now with their CAS instead of their partition. */
  private void lookAgainAtExtras(NodeConnection connection) throws IOException {
    KeyList before = extras;
    extras = new KeyList();
    KeyBatch batch = new KeyBatch(keyPrefix);
    for (int from = 0; from < before.size(); from += batch.count()) {
      batch.clear();
      for (int i = from; i < before.size() && batch.count() < ValueBatch.MOST_KEYS; i++) {
        ValueBatch.require(batch.add(before.bytes(), before.start(i), before.length(i)));
      }
      int first = from;
      ValueBatch.await(
          connection.getMany(
              batch,
              (index, flags, cas, value, length) ->
                  extras.add(
                      before.bytes(),
                      before.start(first + index),
                      before.length(first + index),
                      cas)));
    }
  }

  /**
   * Counts what is left.
   *
   * @param changed keys with a record behind the table's end: whatever the node holds may be right
   * @param deadLetters tells whether the record at an offset of a partition is a dead letter
   */
  void confirm(TopicTable table, Set<String> changed, DeadLetterIndex deadLetters) {
    Set<String> unreadableKeys = table.unreadable();
    for (int i = 0; i < suspects.size(); i++) {
      byte[] key = suspects.key(i);
      String text = TopicTable.text(key);
      if (changed.contains(text)) {
        continue;
      }
      int partition = (int) (suspects.number(i) >>> 1);
      boolean isMissing = (suspects.number(i) & 1) == 0;
      if (unreadableKeys.contains(text)) {
        continue;
      }
      if (isMissing
          && deadLetters.contains(partition, table.fold(partition).offsetOf(key, 0, key.length))) {
        unreadable++;
        continue;
      }
      damagedPartitions.add(partition);
      if (isMissing) {
        missing++;
        example("missing", text);
      } else {
        different++;
        example("different", text);
      }
    }
    for (int i = 0; i < extras.size(); i++) {
      byte[] key = extras.key(i);
      String text = TopicTable.text(key);
      if (changed.contains(text)) {
        continue;
      }
      if (owner(text) != nodeIndex) {
        foreign++;
        example("foreign", text);
      } else if (unreadableKeys.contains(text)) {
        continue;
      } else {
        orphaned++;
        example("orphaned", text);
      }
      confirmedExtras.add(key, 0, key.length, extras.number(i));
    }
    suspects = new KeyList();
    extras = new KeyList();
  }

  /** Counts the keys of this node whose latest record cannot be read. */
  void countUnreadable(Set<String> keys) {
    for (String key : keys) {
      if (owner(key) == nodeIndex) {
        unreadable++;
      }
    }
  }

  private int owner(String key) {
    return placement.nodeFor((keyPrefix + key).getBytes(StandardCharsets.UTF_8));
  }

  private void example(String kind, String key) {
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(kind + " " + keyPrefix + key);
    }
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
        checked,
        missing,
        different,
        orphaned,
        foreign,
        unreadable,
        examples,
        stats == null || need == null ? null : need.on(node, stats),
        notListed,
        unreachable);
  }

  /**
   * Batches under way, several at a time; their suspects are noted as they are answered. Where the
   * node is lost, whoever waits for an answer gets an {@link UncheckedIOException}: folds are
   * walked by visitors that throw nothing else.
   */
  private final class Values {
    private final NodeConnection connection;
    private final LongConsumer done;
    private final Deque<ValueBatch> underWay = new ArrayDeque<>();
    private final Deque<ValueBatch> free = new ArrayDeque<>();
    private ValueBatch batch = new ValueBatch(keyPrefix, clientFlags);

    Values(NodeConnection connection, LongConsumer done) {
      this.connection = connection;
      this.done = done;
    }

    void add(int partition, byte[] bytes, int keyAt, int keyLength, int valueAt, int valueLength) {
      batch.add(partition, bytes, keyAt, keyLength, valueAt, valueLength);
      if (batch.isFull()) {
        send();
      }
    }

    private void send() {
      batch.send(connection);
      underWay.add(batch);
      while (underWay.size() * ValueBatch.MOST_KEYS >= WINDOW_ENTRIES) {
        take();
      }
      batch = free.isEmpty() ? new ValueBatch(keyPrefix, clientFlags) : free.remove();
    }

    private void take() {
      ValueBatch answered = underWay.remove();
      answered.takeSuspects(suspects);
      done.accept(answered.count());
      answered.clear();
      free.add(answered);
    }

    void finish() {
      batch.send(connection);
      underWay.add(batch);
      while (!underWay.isEmpty()) {
        take();
      }
    }
  }
}
