package io.zonecast.bench.stream;

import java.time.Duration;

/**
 * How much of each part is run.
 *
 * @param rows of the table
 * @param perSecond updates while delays are measured, and under kills
 * @param warmUp before delays count
 * @param measured while delays count
 * @param atFullSpeed updates for the rates
 * @param kills how often the stream is killed
 */
public record StreamOptions(
    int rows, int perSecond, Duration warmUp, Duration measured, int atFullSpeed, int kills) {
  static final double P50_MILLIS = 40;
  static final double P99_MILLIS = 100;
  static final double OF_PASS_THROUGH = 1.0 / 3;
}
