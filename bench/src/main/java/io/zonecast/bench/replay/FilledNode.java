package io.zonecast.bench.replay;

import io.zonecast.bench.pool.BenchPool;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How full a node is, asked over a connection of its own. */
final class FilledNode implements AutoCloseable {
  private static final Duration LISTING = Duration.ofMinutes(1);

  private static final Duration ASK_EVERY = Duration.ofMillis(2);

  private final PlainClient client;

  FilledNode(MemcachedServer node) {
    client = PlainClient.open(node, LISTING);
  }

  /** Holds a node that has been filled to one entry a row, by its own list of keys. */
  static void requireEntries(MemcachedServer node, int rows) throws IOException {
    long found =
        new KeyCrawler(
                NodeAddress.parse(node.address()),
                ConnectionSettings.DEFAULT,
                LISTING,
                BenchPool.PREFIX)
            .crawl((key, length) -> true);
    if (found != rows) {
      throw new IllegalStateException(
          "node %s holds %,d entries, the topic has %,d live keys"
              .formatted(node.address(), found, rows));
    }
  }

  /**
   * Waits until the node holds all rows, at most {@code limit}, asking rarely enough not to slow
   * down the filling; false if it does not hold them by then.
   */
  boolean awaitEntries(int rows, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    long expected = rows + (long) ZoneTopic.DEFAULT_PARTITIONS;
    while (Long.parseLong(client.stats().getOrDefault("curr_items", "0")) < expected) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(ASK_EVERY.toNanos());
    }
    return true;
  }

  @Override
  public void close() {
    client.close();
  }
}
