package io.zonecast.sink.cache;

import java.io.IOException;

/**
 * Decides before each write to the socket whether writing is allowed, so that a process that slept
 * does not write first and notice later. Called once a batch: it must be quick.
 */
@FunctionalInterface
public interface WriteLease {
  WriteLease UNLIMITED = () -> {};

  /**
   * Returns if writing is allowed.
   *
   * @throws IOException if not: the connection closes with this cause and writes nothing
   */
  void check() throws IOException;
}
