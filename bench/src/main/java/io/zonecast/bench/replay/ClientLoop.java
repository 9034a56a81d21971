package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.sandbox.MemcachedServer;
import java.net.InetSocketAddress;
import java.util.Map;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.spy.memcached.MemcachedClient;

/**
 * Another client's {@code set}, one entry after the other, for the first entries of a table: all of
 * them would take minutes.
 */
final class ClientLoop {
  private ClientLoop() {}

  /** Connects, sets all entries, and disconnects. */
  private interface Loop {
    Measurement over(Map<String, String> entries) throws Exception;
  }

  private interface Setter {
    boolean set(String key, String value) throws Exception;
  }

  /** XMemcached's own {@code set}: the code that took 13 hours. */
  static Contestant ofXMemcached(MemcachedServer node, BenchTable table) {
    return contestant(
        "XMemcached set in a loop",
        node,
        table,
        20_000,
        entries -> {
          XMemcachedClient client = new XMemcachedClient(node.host(), node.port());
          try {
            return measured(entries, (key, value) -> client.set(key, 0, value));
          } finally {
            client.shutdown();
          }
        });
  }

  /** As the known Kafka Connect sink for memcached does it. */
  static Contestant ofSpymemcached(MemcachedServer node, BenchTable table) {
    return contestant(
        "spymemcached set(...).get() in a loop",
        node,
        table,
        5_000,
        entries -> {
          MemcachedClient client =
              new MemcachedClient(new InetSocketAddress(node.host(), node.port()));
          try {
            return measured(entries, (key, value) -> client.set(key, 0, value).get());
          } finally {
            client.shutdown();
          }
        });
  }

  private static Contestant contestant(
      String name, MemcachedServer node, BenchTable table, int slice, Loop loop) {
    Map<String, String> entries = new BenchTable(Math.min(slice, table.rows())).zones();
    return new Contestant(
        name,
        node::kill,
        () -> {
          node.restartEmpty();
          return loop.over(entries);
        },
        table.rows());
  }

  private static Measurement measured(Map<String, String> entries, Setter setter) throws Exception {
    long start = System.nanoTime();
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      if (!setter.set(BenchPool.PREFIX + entry.getKey(), entry.getValue())) {
        throw new IllegalStateException("memcached refused " + entry.getKey());
      }
    }
    return Measurement.since(start, entries.size());
  }
}
