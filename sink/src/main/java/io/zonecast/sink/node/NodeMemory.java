package io.zonecast.sink.node;

import io.zonecast.sink.cache.Evictions;
import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.cache.ProxyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a node's memory: what its share of the table needs, added up from the rows as
 * its partitions are filled, and what it says of itself, evictions above all. It outlives
 * connections, as the node's memory does. For the keeper's thread.
 *
 * <p>A member sees the rows of its own partitions only. What the others' need is taken to be alike,
 * since a key's partition is a hash of it. Other people's entries are not counted: where they do
 * harm, evictions show it.
 */
final class NodeMemory {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

  /** How long a sum is good for: a topic that has shrunk since may fit. */
  private static final long WEIGHED_FOR_NANOS = Duration.ofMinutes(1).toNanos();

  private final NodeContext context;
  private final Map<Integer, Weighed> needs = new TreeMap<>();
  private @Nullable NodeConnection connection;
  private @Nullable NodeStats stats;
  private long lastLookNanos;
  private Optional<Evictions> evictions = Optional.empty();
  private final EvictionNews evictionNews = new EvictionNews();
  private boolean saidUnreadable;
  private boolean unsaid;
  private boolean saidTooSmall;

  private record Weighed(MemoryNeed need, long nanos) {}

  NodeMemory(NodeContext context) {
    this.context = context;
  }

  /** What the node last said of itself; null if it has not said anything. */
  @Nullable NodeStats stats() {
    return stats;
  }

  /** From now on the node is asked down this connection, and at once. */
  void connected(NodeConnection newConnection) {
    connection = newConnection;
    lastLookNanos = context.timing().nanoTime() - LOOK_EVERY_NANOS;
  }

  /** Reads the node's statistics, if it is time to. */
  void lookWhenDue() throws IOException {
    long now = context.timing().nanoTime();
    NodeConnection asked = connection;
    if (asked == null || now - lastLookNanos < LOOK_EVERY_NANOS) {
      return;
    }
    lastLookNanos = now;
    NodeStats read;
    try {
      read = NodeStats.read(asked);
    } catch (ProxyException e) {
      asked.close();
      throw e;
    } catch (IOException e) {
      if (!asked.isOpen()) {
        throw e;
      }
      // It answers, and not what memcached does, as something that stands before one may: its
      // memory is its own business then.
      if (!saidUnreadable) {
        saidUnreadable = true;
        LOG.warn("node={} its memory cannot be watched: {}", asked.address(), e.getMessage());
      }
      return;
    }
    NodeStats before = stats;
    if (before != null && !before.slabClasses().isLike(read.slabClasses())) {
      // It was started again with other options.
      needs.clear();
    }
    stats = read;
    watchEvictions(asked, read, now);
  }

  private void watchEvictions(NodeConnection asked, NodeStats read, long now) {
    evictions =
        Evictions.of(asked.address(), read)
            .map(some -> some.needing(wholeNeed().map(MemoryNeed::bytes).orElse(0L)));
    if (evictionNews.isWorthALine(read.evictions(), now)) {
      LOG.warn("node={} evictions={} {}", asked.address(), read.evictions(), degradedFor());
    }
  }

  /** Why the node may lack zones although it was given them all; or "". */
  String degradedFor() {
    return evictions.map(Evictions::toString).orElse("");
  }

  /** An empty sum, for one partition's share; null if the node does not say what it is made of. */
  @Nullable MemoryNeed newNeed() {
    NodeStats now = stats;
    return now == null
        ? null
        : new MemoryNeed(
            now.slabClasses(),
            context.writtenWith().keyPrefix().getBytes(StandardCharsets.UTF_8).length,
            context.writtenWith().clientFlags());
  }

  /** A partition's whole share has been added up. */
  void weighed(int partition, MemoryNeed need) {
    needs.put(partition, new Weighed(need, context.timing().nanoTime()));
    unsaid = true;
  }

  boolean hasWeighedLately(int partition) {
    Weighed weighed = needs.get(partition);
    return weighed != null && context.timing().nanoTime() - weighed.nanos() < WEIGHED_FOR_NANOS;
  }

  /** Partitions are ours no more. */
  void forget(Collection<Integer> partitions) {
    needs.keySet().removeAll(partitions);
  }

  /** Whether the node has room for its share; empty while no partition has been added up. */
  Optional<MemoryVerdict> verdict() {
    NodeStats now = stats;
    NodeConnection asked = connection;
    return now == null || asked == null
        ? Optional.empty()
        : wholeNeed().map(need -> need.on(asked.address(), now));
  }

  private Optional<MemoryNeed> wholeNeed() {
    MemoryNeed sum = newNeed();
    if (sum == null || needs.isEmpty()) {
      return Optional.empty();
    }
    needs.values().forEach(weighed -> sum.addAll(weighed.need()));
    return Optional.of(sum.ofAll(context.topic().partitions(), needs.size()));
  }

  /**
   * Says once a fill whether the node has room: at once where it has not, else at the end.
   *
   * @param filling whether more partitions are still to be added up
   */
  void say(boolean filling) {
    if (!unsaid) {
      return;
    }
    Optional<MemoryVerdict> verdict = verdict();
    boolean tooSmall = verdict.filter(its -> !its.fits()).isPresent();
    if (tooSmall ? !saidTooSmall : !filling) {
      verdict.ifPresent(
          said -> context.events().weighed(said, needs.size(), context.topic().partitions()));
    }
    saidTooSmall = filling && (saidTooSmall || tooSmall);
    unsaid = filling;
  }
}
