package io.zonecast.sink;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A reader of one node, which remembers the highest version that it has seen of each key: versions
 * are numbers that only rise. Older ones, and one that comes back after its key had gone, are
 * violations; a wipe that it is told of makes it forget.
 */
final class Watcher implements AutoCloseable {
  private final RawMemcached node;
  private final List<String> keys;
  private final Map<String, Seen> seen = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private final ReentrantLock reading = new ReentrantLock(true);
  private final Thread thread = new Thread(this::watch, "watcher");

  private record Seen(int version, boolean gone) {}

  Watcher(RawMemcached node, List<String> keys) {
    this.node = node;
    this.keys = keys;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Nobody reads while the node is being wiped, and what was seen before counts no more. */
  void wiping(Runnable wipe) {
    reading.lock();
    try {
      wipe.run();
      seen.clear();
    } finally {
      reading.unlock();
    }
  }

  List<String> violations() {
    reading.lock();
    try {
      return List.copyOf(violations);
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
        } catch (UncheckedIOException e) {
          // The node is being restarted, or paused for too long.
        } finally {
          reading.unlock();
        }
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    for (String key : keys) {
      Optional<Integer> found = node.get(RunningSink.PREFIX + key).map(Integer::valueOf);
      Seen before = seen.get(key);
      if (found.isPresent()) {
        int version = found.get();
        if (before != null && version < before.version) {
          violations.add(key + ": " + version + " after " + before.version);
        } else if (before != null && version == before.version && before.gone) {
          violations.add(key + ": " + version + " came back");
        }
        seen.put(key, new Seen(Math.max(version, before == null ? 0 : before.version), false));
      } else if (before != null) {
        seen.put(key, new Seen(before.version, true));
      }
    }
  }
}
