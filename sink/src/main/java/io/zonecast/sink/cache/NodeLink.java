package io.zonecast.sink.cache;

import java.io.IOException;
import java.time.Duration;

/**
 * Carries the commands of one {@link NodeConnection} to a node and the answers back, first in first
 * out. Thread-safe.
 */
interface NodeLink {
  /** Our address as the node's {@code stats conns} shows it. */
  String localAddress();

  /** Sends a command; on a closed link it calls {@link NodeCommand#broken} at once. */
  void submit(NodeCommand command);

  InFlight inFlight();

  /** Waits until at most n entries are in flight; false if more are after the timeout. */
  boolean awaitAtMost(int entries, Duration timeout) throws InterruptedException;

  boolean isClosed();

  /** Closes now; commands in flight end as broken. Only the first cause counts. */
  void close(IOException cause);

  /** Closes if the node leaves commands unanswered for too long; returns whether it did. */
  boolean closeIfSilent();
}
