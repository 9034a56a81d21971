package io.zonecast.app.terminal;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
  private Figures() {}

  /** {@code 866,761}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 row}, {@code 866,761 rows}. */
  public static String count(long number, String one, String many) {
    return count(number) + " " + (number == 1 ? one : many);
  }

  /** {@code 40 ms}, {@code 2.1 s}, {@code 4 m 03 s}, {@code 2 h 05 m}, {@code 3 d 04 h}. */
  public static String time(Duration time) {
    long millis = time.toMillis();
    long seconds = time.toSeconds();
    if (millis == 0) {
      return "0 s";
    }
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%d h %02d m", seconds / 3_600, seconds / 60 % 60);
    }
    return String.format(Locale.ROOT, "%d d %02d h", seconds / 86_400, seconds / 3_600 % 24);
  }

  /** {@code 123 B}, {@code 38.1 MB}; decimal units, as memcached's own {@code -m} is not. */
  public static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    double value = bytes;
    for (String unit : new String[] {"kB", "MB"}) {
      value /= 1_000;
      if (value < 1_000) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
    }
    return String.format(Locale.ROOT, "%.1f GB", value / 1_000);
  }

  /** How many a second; {@code -} where no time has passed. */
  public static String rate(long number, Duration time) {
    return time.isZero() ? "-" : count(Math.round(number * 1e9 / time.toNanos())) + "/s";
  }

  /** Seconds to the millisecond, for JSON. */
  public static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }
}
