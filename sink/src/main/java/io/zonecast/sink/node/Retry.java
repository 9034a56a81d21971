package io.zonecast.sink.node;

import java.time.Duration;

/** When a lane that starts again is claimed again. */
enum Retry {
  AT_ONCE(Duration.ZERO),
  /** Another sink was faster, or the group is about to change. */
  SOON(Duration.ofMillis(200)),
  /** A person or another process must act first. */
  LATER(Duration.ofSeconds(5));

  private final Duration delay;

  Retry(Duration delay) {
    this.delay = delay;
  }

  Duration delay() {
    return delay;
  }
}
