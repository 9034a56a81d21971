package io.zonecast.bench.heal;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Something bad that happens to one node. */
enum Incident {
  /** Empty when it is back, which takes long enough for the sink to wait its longest in between. */
  KILLED("killed", Duration.ofSeconds(5)) {
    @Override
    void begin(MemcachedNode node) {
      node.direct().kill();
    }

    @Override
    void end(MemcachedNode node) {
      node.direct().restartEmpty();
    }
  },
  FLUSHED("flushed", Duration.ZERO) {
    @Override
    void begin(MemcachedNode node) throws IOException {
      MemcachedServer itself = node.direct();
      try (PlainClient client = PlainClient.open(itself, Duration.ofSeconds(1))) {
        client.flushAll();
      }
    }

    @Override
    void end(MemcachedNode node) {
      // There is nothing to undo.
    }
  },
  /** Back with its memory; the sink gives up on a node that is silent for two seconds. */
  CUT_OFF("cut off", Duration.ofSeconds(30)) {
    @Override
    void begin(MemcachedNode node) {
      node.link().blackHole();
    }

    @Override
    void end(MemcachedNode node) {
      node.link().forward();
    }
  };

  private final String label;
  private final Duration length;

  Incident(String label, Duration length) {
    this.label = label;
    this.length = length;
  }

  /** What tables call it. */
  String label() {
    return label;
  }

  /** Does it, and returns when the node is back. */
  void strike(MemcachedNode node) throws IOException, InterruptedException {
    begin(node);
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
    end(node);
  }

  abstract void begin(MemcachedNode node) throws IOException;

  abstract void end(MemcachedNode node);
}
