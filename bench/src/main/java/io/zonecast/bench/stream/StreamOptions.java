package io.zonecast.bench.stream;

import java.time.Duration;
import java.util.Map;

/**
 * How much of each part is run.
 *
 * @param rows of the table
 * @param perSecond updates while delays are measured, and under kills
 * @param warmUp at ten times that rate, then half as long at the rate, before delays count
 * @param measured while delays count
 * @param atFullSpeed updates for the rates, of which the second half counts
 * @param kills how often the stream is killed
 * @param streams settings of Kafka Streams, over those of the stream
 */
public record StreamOptions(
    int rows,
    int perSecond,
    Duration warmUp,
    Duration measured,
    int atFullSpeed,
    int kills,
    Map<String, String> streams) {
  static final double P50_MILLIS = 40;
  static final double P99_MILLIS = 100;
  static final double OF_PASS_THROUGH = 1.0 / 3;
}
