package io.zonecast.sandbox;

/** One server, whose address is the same for as long as it lives. Not thread-safe. */
public interface SandboxServer extends AutoCloseable {

  /** Freezes it: connections stay open, new ones are taken, and nothing answers. */
  void pause();

  /** Goes on after {@link #pause}, with everything that it had. */
  void resume();

  /** Ends it, and deletes what it stored. */
  @Override
  void close();
}
