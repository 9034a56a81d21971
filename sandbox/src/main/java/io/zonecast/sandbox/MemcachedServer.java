package io.zonecast.sandbox;

/**
 * One memcached process. Its address is the same for as long as it lives, restarts included. Not
 * thread-safe.
 */
public interface MemcachedServer extends SandboxServer {
  String host();

  int port();

  /** Host and port, as {@code 127.0.0.1:23456}. */
  default String address() {
    return host() + ":" + port();
  }

  /** Ends the node without warning, as SIGKILL does; connecting is refused until it restarts. */
  void kill();

  /** Starts the node again at the same address with nothing stored, killing it first if it runs. */
  void restartEmpty();

  /**
   * Ends the node in good order, and starts it again at the same address with the same options. One
   * that was started with {@code -e FILE} finds its entries there, if it accepts the file.
   *
   * @param whileDown runs in between
   */
  void restartWarm(Runnable whileDown);
}
