package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.sandbox.MemcachedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.spy.memcached.MemcachedClient;

/**
 * Another client's {@code set}, one entry after the other, for the first entries of a table: given
 * all of them, it would take minutes.
 */
final class ClientLoop {
  private ClientLoop() {}

  private interface Opening {
    Client open() throws IOException;
  }

  /** A client that is connected: how it sets an entry, and how it ends. */
  private record Client(Setter setter, Ending ending) {}

  private interface Setter {
    boolean set(String key, String value) throws Exception;
  }

  private interface Ending {
    void end() throws IOException;
  }

  /** XMemcached's own {@code set}: the code that took 13 hours. */
  static Contestant ofXMemcached(MemcachedServer node, BenchTable table) {
    return contestant(
        "XMemcached set in a loop",
        node,
        table,
        20_000,
        () -> {
          XMemcachedClient client = new XMemcachedClient(node.host(), node.port());
          return new Client((key, value) -> client.set(key, 0, value), client::shutdown);
        });
  }

  /** As the known Kafka Connect sink for memcached does it. */
  static Contestant ofSpymemcached(MemcachedServer node, BenchTable table) {
    return contestant(
        "spymemcached set(...).get() in a loop",
        node,
        table,
        5_000,
        () -> {
          MemcachedClient client =
              new MemcachedClient(new InetSocketAddress(node.host(), node.port()));
          return new Client((key, value) -> client.set(key, 0, value).get(), client::shutdown);
        });
  }

  private static Contestant contestant(
      String name, MemcachedServer node, BenchTable table, int slice, Opening opening) {
    Map<String, String> entries = new BenchTable(Math.min(slice, table.rows())).zones();
    return new Contestant(name, node::kill, () -> run(node, entries, opening), table.rows());
  }

  private static Measurement run(MemcachedServer node, Map<String, String> entries, Opening opening)
      throws Exception {
    node.restartEmpty();
    Client client = opening.open();
    try {
      long start = System.nanoTime();
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        if (!client.setter.set(BenchPool.PREFIX + entry.getKey(), entry.getValue())) {
          throw new IllegalStateException("memcached refused " + entry.getKey());
        }
      }
      return Measurement.since(start, entries.size());
    } finally {
      client.ending.end();
    }
  }
}
