package io.zonecast.sink.replay;

import java.util.Collection;

/** Whoever brings nodes up to date: takes their requests and answers each in its time. */
@FunctionalInterface
public interface FillSource {

  /** Queues requests; each target is called back on another thread. Thread-safe. */
  void request(Collection<? extends FillTarget> targets);
}
