package io.zonecast.bench.faults;

import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads all its keys from one node a thousand times a second, on its own thread, and remembers what
 * it saw. While the node is away it sees nothing, which is no violation.
 */
final class Watcher implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final MemcachedServer node;
  private final List<String> keys;
  private final List<String> entryKeys;
  private final SeenVersions sightings = new SeenVersions();
  private final ReentrantLock reading = new ReentrantLock(true);
  private final Thread thread = new Thread(this::watch, "watcher");
  private final PlainClient client;
  private long valuesRead;

  /**
   * Reads nothing yet.
   *
   * @param node the node itself, past any link that may fail
   * @param prefix goes before each of {@code keys}
   */
  Watcher(MemcachedServer node, String prefix, List<String> keys) {
    this.node = node;
    this.client = PlainClient.open(node, TIMEOUT);
    this.keys = List.copyOf(keys);
    this.entryKeys = this.keys.stream().map(key -> prefix + key).toList();
    thread.setDaemon(true);
  }

  /** Begins to read. */
  void start() {
    thread.start();
  }

  /** Wipes the node without reading meanwhile, and forgets what was seen before. */
  void wiping(Runnable wipe) {
    reading.lock();
    try {
      wipe.run();
      sightings.forget(System.nanoTime());
    } finally {
      reading.unlock();
    }
  }

  /** Everything stale that was seen so far. */
  List<StaleRead> stale() {
    reading.lock();
    try {
      return sightings.stale();
    } finally {
      reading.unlock();
    }
  }

  /** How many values have been read. */
  long valuesRead() {
    reading.lock();
    try {
      return valuesRead;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (true) {
        reading.lockInterruptibly();
        try {
          look();
        } catch (IOException e) {
          // The node is being restarted, or is paused for too long.
        } finally {
          reading.unlock();
        }
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
    }
  }

  private void look() throws IOException {
    Map<String, String> values = client.get(entryKeys);
    long now = System.nanoTime();
    valuesRead += values.size();
    for (int i = 0; i < keys.size(); i++) {
      String value = values.get(entryKeys.get(i));
      if (value == null) {
        sightings.missed(keys.get(i), now);
      } else {
        sightings.saw(keys.get(i), Long.parseLong(value), now);
      }
    }
  }

  @Override
  public String toString() {
    return "watcher of %d keys on %s".formatted(keys.size(), node.address());
  }
}
