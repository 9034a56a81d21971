package io.zonecast.bench.stage;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Servers;

/** Starts servers with enough memory for each table that is measured. The caller closes them. */
public final class BenchServers {
  private static final String[] NODE_OPTIONS = {"-m", "1024"};

  private BenchServers() {}

  public static KafkaBroker broker() {
    return Servers.shared().broker(BrokerSettings.DEFAULT.withHeap("512m"));
  }

  /** A node with nothing between, for what is measured. */
  public static MemcachedServer node() {
    return Servers.shared().direct(NODE_OPTIONS);
  }

  /** A node behind a link, and reached past it too. */
  public static MemcachedNode linkedNode() {
    return Servers.shared().memcached(NODE_OPTIONS);
  }
}
