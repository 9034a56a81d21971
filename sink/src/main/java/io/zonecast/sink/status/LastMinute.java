package io.zonecast.sink.status;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each second of the last minute was like. Thread-safe. */
final class LastMinute {
  static final int SECONDS = 60;

  private final Deque<Second> seconds = new ArrayDeque<>();

  /**
   * One second.
   *
   * @param entries sets and deletes acknowledged in it
   * @param slowest how long the slowest live record took that was acknowledged in it, from when it
   *     was appended; null if none was
   */
  record Second(long entries, @Nullable Duration slowest) {}

  synchronized void add(Second second) {
    seconds.addLast(second);
    if (seconds.size() > SECONDS) {
      seconds.removeFirst();
    }
  }

  /** The oldest first: as many as have passed, at most a minute's. */
  synchronized List<Second> seconds() {
    return new ArrayList<>(seconds);
  }
}
