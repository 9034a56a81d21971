package io.zonecast.monitor;

import java.net.InetSocketAddress;

/**
 * Where to listen.
 *
 * @param host a name or an address of this machine, an IPv6 one without its brackets
 * @param port 0 for any that is free
 */
public record ListenAddress(String host, int port) {
  private static final int LAST_PORT = 65_535;

  public ListenAddress {
    if (host.isEmpty() || port < 0 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "no address to listen at: host \"%s\", port %d".formatted(host, port));
    }
  }

  /**
   * Reads {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @throws IllegalArgumentException if it is neither; the message says what to give
   */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        host = "";
      }
      try {
        int port = Integer.parseInt(text.substring(colon + 1));
        return new ListenAddress(host, port);
      } catch (IllegalArgumentException e) {
        // Falls through to say what is wanted.
      }
    }
    throw new IllegalArgumentException(
        "\"%s\" is not HOST:PORT; give one, as 127.0.0.1:8080".formatted(text));
  }

  static ListenAddress of(InetSocketAddress bound) {
    return new ListenAddress(bound.getAddress().getHostAddress(), bound.getPort());
  }

  InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** As it is written, {@code 127.0.0.1:8080}. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
