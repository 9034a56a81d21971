package io.zonecast.schemas.registry;

import java.time.Duration;

/**
 * How often, and for how long, a registry is asked again.
 *
 * @param firstWait the wait before the first repetition; each further one is twice as long
 * @param longestWait what the waits grow to at most
 * @param deadline after which no repetition begins any more
 */
public record RetryPolicy(
    int maxRetries, Duration firstWait, Duration longestWait, Duration deadline) {

  /** Returns how long to wait before repetition {@code retry}, the first of which is 0. */
  Duration waitBefore(int retry) {
    int doublings = Math.min(retry, 30);
    Duration wait = firstWait.multipliedBy(1L << doublings);
    return wait.compareTo(longestWait) > 0 ? longestWait : wait;
  }
}
