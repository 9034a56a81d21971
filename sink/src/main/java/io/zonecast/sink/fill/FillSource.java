package io.zonecast.sink.fill;

/** Whoever brings nodes up to date: takes their requests and answers each in its time. */
@FunctionalInterface
public interface FillSource {

  /** Queues a request; its target is called back on another thread. Thread-safe. */
  void request(FillTarget target);
}
