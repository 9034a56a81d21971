package io.zonecast.bench.heal;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Something bad that happens to one node. */
enum Incident {
  /** Empty when it is back, which takes long enough for the sink to wait its longest in between. */
  KILLED("killed", Duration.ofSeconds(5)),
  FLUSHED("flushed", Duration.ZERO),
  /** Back with its memory; the sink gives up on a node that is silent for two seconds. */
  CUT_OFF("cut off", Duration.ofSeconds(30));

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
    switch (this) {
      case KILLED -> node.direct().kill();
      case FLUSHED -> flush(node);
      case CUT_OFF -> node.link().blackHole();
    }
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
    switch (this) {
      case KILLED -> node.direct().restartEmpty();
      case FLUSHED -> {
        // There is nothing to undo.
      }
      case CUT_OFF -> node.link().forward();
    }
  }

  private static void flush(MemcachedNode node) throws IOException {
    try (PlainClient client = PlainClient.open(node.direct(), Duration.ofSeconds(1))) {
      client.flushAll();
    }
  }
}
