package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.table.BenchTable;
import io.zonecast.sandbox.MemcachedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.spy.memcached.MemcachedClient;

/**
 * Another client's {@code set}, one entry after the other, for the first entries of a table: given
 * all of them, it would take minutes.
 */
final class ClientLoop extends Contestant {
  private final MemcachedServer node;
  private final Opening opening;
  private final Map<String, String> entries = new LinkedHashMap<>();
  private final long extrapolatedTo;

  /** Connects the client. */
  private interface Opening {
    Client open(MemcachedServer node) throws IOException;
  }

  /** A client that is connected: how it sets an entry, and how it ends. */
  private record Client(Setter setter, Ending ending) {}

  private interface Setter {
    boolean set(String key, String value) throws Exception;
  }

  private interface Ending {
    void end() throws IOException;
  }

  private ClientLoop(
      String name, MemcachedServer node, Opening opening, BenchTable table, int slice) {
    super(name);
    this.node = node;
    this.opening = opening;
    this.extrapolatedTo = table.rows();
    new BenchTable(Math.min(slice, table.rows()))
        .forEach(
            (index, carrier, origin, destination, zone) ->
                entries.put(BenchTable.key(carrier, origin, destination), zone));
  }

  /** XMemcached's own {@code set}: the code that took 13 hours. */
  static ClientLoop ofXMemcached(MemcachedServer node, BenchTable table, int slice) {
    Opening opening =
        at -> {
          XMemcachedClient client = new XMemcachedClient(at.host(), at.port());
          return new Client((key, value) -> client.set(key, 0, value), client::shutdown);
        };
    return new ClientLoop("XMemcached set in a loop", node, opening, table, slice);
  }

  /** As the known Kafka Connect sink for memcached does it. */
  static ClientLoop ofSpymemcached(MemcachedServer node, BenchTable table, int slice) {
    Opening opening =
        at -> {
          MemcachedClient client = new MemcachedClient(new InetSocketAddress(at.host(), at.port()));
          return new Client((key, value) -> client.set(key, 0, value).get(), client::shutdown);
        };
    return new ClientLoop("spymemcached set(...).get() in a loop", node, opening, table, slice);
  }

  @Override
  public long extrapolatedTo() {
    return extrapolatedTo;
  }

  @Override
  public void prepare() {
    node.kill();
  }

  @Override
  public Measurement run() throws Exception {
    node.restartEmpty();
    Client client = opening.open(node);
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
