package io.zonecast.sink.status;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Keeps the figures of each second of the last minute. Thread-safe. */
final class LastMinute {
  static final int SECONDS = 60;

  /** Above this share of dead letters, something is wrong with more than a few records. */
  private static final double MOST_DEAD_LETTERED = 0.01;

  private final Deque<Second> seconds = new ArrayDeque<>();

  /**
   * One second.
   *
   * @param entries sets and deletes acknowledged in it
   * @param deadLetters records dead-lettered in it
   * @param slowest how long the slowest live record took that was acknowledged in it, from when it
   *     was appended; null if none was
   */
  record Second(long entries, long deadLetters, @Nullable Duration slowest) {}

  synchronized void add(Second second) {
    seconds.addLast(second);
    if (seconds.size() > SECONDS) {
      seconds.removeFirst();
    }
  }

  /** The share of its records, live and filled, that were dead-lettered: from 0 to 1. */
  double deadLetteredShare() {
    long dead = sum(Second::deadLetters);
    return dead == 0 ? 0 : (double) dead / (dead + sum(Second::entries));
  }

  /** That too many of its records were dead-lettered, in words; "" if they were not. */
  String tooManyDeadLettered() {
    double share = deadLetteredShare();
    return share <= MOST_DEAD_LETTERED
        ? ""
        : String.format(
            Locale.ROOT, "%.3g %% of the last minute's records were dead-lettered", 100 * share);
  }

  private synchronized long sum(ToLongFunction<Second> number) {
    return seconds.stream().mapToLong(number).sum();
  }

  /** The oldest first: as many as have passed, at most a minute's. */
  synchronized List<Second> seconds() {
    return new ArrayList<>(seconds);
  }
}
