package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Scheduler;
import java.time.Duration;

/** A memcached node of a simulation: a server at an address, which may be stopped for a time. */
public final class SimNode {
  private final NodeAddress address;
  private final SimMemcached server;
  private final Scheduler scheduler;
  private long stoppedUntilNanos;

  public SimNode(NodeAddress address, Scheduler scheduler) {
    this.address = address;
    this.scheduler = scheduler;
    this.server = new SimMemcached(() -> scheduler.world().millis());
  }

  public NodeAddress address() {
    return address;
  }

  public SimMemcached server() {
    return server;
  }

  /** Leaves everything unanswered for a time, as a stopped process does. */
  public void stopFor(Duration time) {
    stoppedUntilNanos = scheduler.nowNanos() + time.toNanos();
  }

  public void goOn() {
    stoppedUntilNanos = 0;
  }

  long stoppedUntilNanos() {
    return stoppedUntilNanos;
  }

  @Override
  public String toString() {
    return address.host();
  }
}
