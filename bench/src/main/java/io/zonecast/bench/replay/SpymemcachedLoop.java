package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.sandbox.MemcachedServer;
import java.net.InetSocketAddress;
import net.spy.memcached.MemcachedClient;

/**
 * spymemcached's {@code set(...).get()}, one record after the other, as the known Kafka Connect
 * sink for memcached does.
 */
final class SpymemcachedLoop implements Contestant {
  private final MemcachedServer node;
  private final Slice slice;

  SpymemcachedLoop(MemcachedServer node, Slice slice) {
    this.node = node;
    this.slice = slice;
  }

  @Override
  public String name() {
    return "spymemcached set(...).get() in a loop";
  }

  @Override
  public long extrapolatedTo() {
    return slice.extrapolatedTo();
  }

  @Override
  public void prepare() {
    node.kill();
  }

  @Override
  public Measurement run() throws Exception {
    node.restartEmpty();
    MemcachedClient client = new MemcachedClient(new InetSocketAddress(node.host(), node.port()));
    try {
      long start = System.nanoTime();
      for (Slice.Entry entry : slice.entries()) {
        if (!client.set(entry.key(), 0, entry.zone()).get()) {
          throw new IllegalStateException("memcached refused " + entry.key());
        }
      }
      return Measurement.since(start, slice.entries().size());
    } finally {
      client.shutdown();
    }
  }
}
