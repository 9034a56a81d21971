package io.zonecast.monitor;

import java.io.IOException;

/** What is served at one path. Called on the endpoint's threads, several at a time. */
@FunctionalInterface
public interface Resource {
  /**
   * Answers a GET; for a HEAD, the endpoint leaves the body out.
   *
   * @throws IOException if it cannot: the client is told that much, and no more
   */
  Reply get(PageRequest request) throws IOException;
}
