package io.zonecast.sink.cache;

import java.time.Duration;

/**
 * Settings of a {@link NodeConnection}.
 *
 * @param ackTimeout how long a node may answer none of the commands in flight before the connection
 *     counts as broken
 * @param sendBufferBytes the socket's SO_SNDBUF; with XMemcached's default of 32 KB the window
 *     never fills
 */
public record ConnectionSettings(
    Duration connectTimeout, Duration ackTimeout, int sendBufferBytes, Network network) {

  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(
          Duration.ofSeconds(1), Duration.ofSeconds(2), 1 << 20, new TcpNetwork());

  public ConnectionSettings {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("ackTimeout", ackTimeout);
    if (sendBufferBytes <= 0) {
      throw new IllegalArgumentException(
          "sendBufferBytes: %d is not positive".formatted(sendBufferBytes));
    }
  }

  public ConnectionSettings withAckTimeout(Duration timeout) {
    return new ConnectionSettings(connectTimeout, timeout, sendBufferBytes, network);
  }

  public ConnectionSettings over(Network other) {
    return new ConnectionSettings(connectTimeout, ackTimeout, sendBufferBytes, other);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("%s: %s is not positive".formatted(name, value));
    }
  }
}
