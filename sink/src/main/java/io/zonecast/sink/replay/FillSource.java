package io.zonecast.sink.replay;

import java.util.Collection;

/** Takes the requests of nodes that need a fill; {@link Replay} answers them. */
@FunctionalInterface
public interface FillSource {

  /** Queues requests; calls each target back on another thread. Thread-safe. */
  void request(Collection<? extends FillTarget> targets);
}
