package io.zonecast.bench.stage;

import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the time from sending each update until it can be read on one node. Asks for the keys of
 * the updates under way again and again, past every link, on its own thread.
 */
public final class Prober implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration REST = Duration.ofNanos(500_000);

  /**
   * And this for each key asked for: while thousands wait for a node's fill, asking for them must
   * not take the processor that the fill needs.
   */
  private static final Duration REST_A_KEY = Duration.ofNanos(20_000);

  /** Asked for at once; where more are under way, in turns. */
  private static final int MOST_KEYS = 200;

  private final MemcachedServer node;
  private final String prefix;
  private final Latencies latencies = new Latencies();
  private final Queue<Probe> underWay = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::run, "prober");
  private final PlainClient client;
  private volatile boolean closed;

  private record Probe(String entryKey, long number, long sentNanos) {}

  /** Asks for nothing yet. */
  public Prober(MemcachedServer node, String prefix) {
    this.node = node;
    this.client = PlainClient.open(node, TIMEOUT);
    this.prefix = prefix;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** An update of this node is being sent. */
  public void expect(String key, long number, long sentNanos) {
    underWay.add(new Probe(prefix + key, number, sentNanos));
  }

  /** What has been measured so far. */
  public Latencies latencies() {
    return latencies;
  }

  private void run() {
    while (!closed) {
      int asked = ask();
      LockSupport.parkNanos(REST.toNanos() + asked * REST_A_KEY.toNanos());
    }
    client.close();
  }

  /** Returns how many keys it asked for. */
  private int ask() {
    List<Probe> asked = new ArrayList<>();
    for (Probe next = underWay.poll(); next != null; next = underWay.poll()) {
      asked.add(next);
      if (asked.size() == MOST_KEYS) {
        break;
      }
    }
    try {
      Map<String, String> values = client.get(asked.stream().map(Probe::entryKey).toList());
      long now = System.nanoTime();
      for (Probe probe : asked) {
        String value = values.get(probe.entryKey);
        // A later update of the same key does as well: this one has been there, or was overtaken.
        if (value != null && Long.parseLong(value) >= probe.number) {
          latencies.add(probe.sentNanos, now - probe.sentNanos);
        } else {
          underWay.add(probe);
        }
      }
    } catch (IOException e) {
      // The node is away: all of them go on waiting.
      underWay.addAll(asked);
    }
    return asked.size();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "prober of " + node.address();
  }
}
