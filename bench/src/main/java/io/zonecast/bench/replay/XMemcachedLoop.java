package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.sandbox.MemcachedServer;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClient;

/** XMemcached's own {@code set}, one entry after the other: the code that took 13 hours. */
final class XMemcachedLoop implements Contestant {
  private final MemcachedServer node;
  private final Slice slice;

  XMemcachedLoop(MemcachedServer node, Slice slice) {
    this.node = node;
    this.slice = slice;
  }

  @Override
  public String name() {
    return "XMemcached set in a loop";
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
    MemcachedClient client = new XMemcachedClient(node.host(), node.port());
    try {
      long start = System.nanoTime();
      for (Slice.Entry entry : slice.entries()) {
        if (!client.set(entry.key(), 0, entry.zone())) {
          throw new IllegalStateException("memcached refused " + entry.key());
        }
      }
      return Measurement.since(start, slice.entries().size());
    } finally {
      client.shutdown();
    }
  }
}
