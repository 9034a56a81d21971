package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;

/** Time between two clocks; the broker's or a sink's may be ahead of ours. */
public final class ElapsedTime {
  private ElapsedTime() {}

  /** Never negative. */
  public static Duration between(Instant then, Instant now) {
    Duration spent = Duration.between(then, now);
    return spent.isNegative() ? Duration.ZERO : spent;
  }

  /** In the largest unit that fits: the seconds of an hour do not matter. */
  public static String roughly(Duration time) {
    if (time.toHours() >= 48) {
      return time.toDays() + " d";
    }
    if (time.toMinutes() >= 120) {
      return time.toHours() + " h";
    }
    if (time.toSeconds() >= 120) {
      return time.toMinutes() + " m";
    }
    return Math.max(1, Math.round(time.toMillis() / 1_000.0)) + " s";
  }
}
