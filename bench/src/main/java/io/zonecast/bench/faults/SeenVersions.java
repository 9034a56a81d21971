package io.zonecast.bench.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which values of one node were stale: a version below one seen before, or one that came
 * back after its key had gone. A wipe makes it forget what it saw. Not thread-safe.
 */
final class SeenVersions {
  private final Map<String, Seen> seen = new HashMap<>();
  private final Map<String, StaleRead> open = new HashMap<>();
  private final List<StaleRead> ended = new ArrayList<>();

  /**
   * The newest version of a key.
   *
   * @param gone whether the key has been seen missing since
   */
  private record Seen(long version, boolean gone) {}

  /** A key showed a version. */
  void saw(String key, long version, long nanos) {
    Seen before = seen.get(key);
    if (before == null || version > before.version || (version == before.version && !before.gone)) {
      end(key, nanos);
      seen.put(key, new Seen(version, false));
      return;
    }
    StaleRead now = open.get(key);
    if (now != null && now.shown() != version) {
      end(key, nanos);
      now = null;
    }
    long since = now == null ? nanos : now.sinceNanos();
    open.put(key, new StaleRead(key, version, before.version, since, nanos));
  }

  /** A key was not there. */
  void missed(String key, long nanos) {
    end(key, nanos);
    seen.computeIfPresent(key, (k, before) -> new Seen(before.version, true));
  }

  /** The node is being wiped: what it has shown so far counts no more. */
  void forget(long nanos) {
    List.copyOf(open.keySet()).forEach(key -> end(key, nanos));
    seen.clear();
  }

  /** Every stale sight so far, those that go on last. */
  List<StaleRead> stale() {
    List<StaleRead> all = new ArrayList<>(ended);
    all.addAll(open.values());
    return all;
  }

  private void end(String key, long nanos) {
    StaleRead sight = open.remove(key);
    if (sight != null) {
      ended.add(new StaleRead(key, sight.shown(), sight.newest(), sight.sinceNanos(), nanos));
    }
  }
}
