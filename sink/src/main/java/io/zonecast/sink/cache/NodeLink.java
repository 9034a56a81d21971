package io.zonecast.sink.cache;

import java.io.IOException;
import java.time.Duration;

/**
 * What carries the commands of one {@link NodeConnection} to a node and the answers back, first in,
 * first out. Thread-safe.
 */
interface NodeLink {
  /** This end as the node's {@code stats conns} shows it. */
  String localAddress();

  /** Takes a command; on a closed link it is told at once that it is broken. */
  void submit(NodeCommand command);

  /** What has been taken and not yet answered. */
  InFlight inFlight();

  /** Waits until at most so many entries are in flight; false if there still are more. */
  boolean awaitAtMost(int entries, Duration timeout) throws InterruptedException;

  boolean isClosed();

  /** Closes now; what is in flight is told that it is broken. Only the first cause counts. */
  void close(IOException cause);

  /** Closes it if the node leaves commands unanswered for too long; whether it did. */
  boolean closeIfSilent();
}
