package io.zonecast.bench.measure;

import java.time.Duration;

/**
 * One run of one contestant.
 *
 * @param entries how many entries or rows it handled
 * @param elapsed how long that took
 */
public record Measurement(long entries, Duration elapsed) {

  /** Entries a second. */
  public double rate() {
    return entries / seconds();
  }

  public double seconds() {
    return elapsed.toNanos() / 1e9;
  }

  /** From {@code startNanos}, a {@link System#nanoTime}, until now. */
  public static Measurement since(long startNanos, long entries) {
    return new Measurement(entries, Duration.ofNanos(System.nanoTime() - startNanos));
  }
}
