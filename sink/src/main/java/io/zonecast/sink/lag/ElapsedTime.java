package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;

/** Time that has passed by two clocks, of which the broker's or a sink's may be ahead of ours. */
public final class ElapsedTime {
  private ElapsedTime() {}

  /** Never negative. */
  public static Duration between(Instant then, Instant now) {
    Duration spent = Duration.between(then, now);
    return spent.isNegative() ? Duration.ZERO : spent;
  }

  /** In the largest unit that fits: nobody acts on the seconds of an hour. */
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
