package io.zonecast.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker and memcached nodes of one's own, reached directly: what the demo shows and the
 * benchmarks measure.
 */
public final class Sandbox implements AutoCloseable {
  private final LocalBroker broker;
  private final List<MemcachedServer> memcached;

  private Sandbox(LocalBroker broker, List<MemcachedServer> memcached) {
    this.broker = broker;
    this.memcached = List.copyOf(memcached);
  }

  /**
   * Starts the servers and returns when all of them answer.
   *
   * @param nodes how many memcached nodes
   * @param memcachedOptions memcached's own, the same for each node, as {@code "-m", "64"}
   */
  public static Sandbox start(BrokerSettings settings, int nodes, String... memcachedOptions) {
    // Before the broker: where memcached cannot be had, nobody should wait to be told so.
    MemcachedProgram program = MemcachedProgram.obtain();
    List<MemcachedServer> memcached = new ArrayList<>();
    try {
      for (int i = 0; i < nodes; i++) {
        memcached.add(new LocalMemcached(program, List.of(memcachedOptions)));
      }
      return new Sandbox(new LocalBroker(settings), memcached);
    } catch (RuntimeException e) {
      memcached.forEach(MemcachedServer::close);
      throw e;
    }
  }

  public KafkaBroker broker() {
    return broker;
  }

  public List<MemcachedServer> memcached() {
    return memcached;
  }

  /** A directory for the caller's own files, which is deleted with the servers' own. */
  public Path directory() {
    return broker.directory();
  }

  /** Ends every server and deletes what they stored. */
  @Override
  public void close() {
    broker.close();
    memcached.forEach(MemcachedServer::close);
  }
}
