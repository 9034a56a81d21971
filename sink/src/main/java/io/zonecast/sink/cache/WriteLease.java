package io.zonecast.sink.cache;

import java.io.IOException;

/**
 * Asked before each write to the socket, so that a process which slept does not write first and
 * notice later. Must be quick: it is on the hot path, though once a batch and not once an entry.
 */
@FunctionalInterface
public interface WriteLease {
  WriteLease UNLIMITED = () -> {};

  /**
   * Returns if writing is allowed now.
   *
   * @throws IOException if it is not: the connection closes with this as its cause, and writes
   *     nothing
   */
  void check() throws IOException;
}
