package io.zonecast.sandbox;

import java.time.Duration;

/** What the way between two ends is like at the moment, for all connections of a proxy. */
final class LinkConditions {
  private volatile long oneWayNanos;
  private boolean swallowing;

  /** How long a byte takes from one end to the other. */
  long oneWayNanos() {
    return oneWayNanos;
  }

  void delay(Duration oneWay) {
    oneWayNanos = oneWay.toNanos();
  }

  synchronized void swallow() {
    swallowing = true;
  }

  synchronized void forward() {
    swallowing = false;
    notifyAll();
  }

  synchronized void awaitForwarding() throws InterruptedException {
    while (swallowing) {
      wait();
    }
  }
}
