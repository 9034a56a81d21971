package io.zonecast.sink.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where a memcached node listens, as the operator wrote it: placement may depend on the text. Each
 * connect resolves it again, so that a node that moved is found.
 *
 * @param host a name or an address; an IPv6 address is without its brackets
 * @param port 1 to 65535
 */
public record NodeAddress(String host, int port) {

  public NodeAddress {
    if (host.isBlank()
        || host.chars().anyMatch(c -> c <= ' ' || c == ',' || c == '[' || c == ']')) {
      throw new IllegalArgumentException(
          "node address: \"%s\" is not a host; write it as cache1 or 10.0.0.7".formatted(host));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "node address %s: %d is not a port; it is 1 to 65535, memcached's own is 11211"
              .formatted(host, port));
    }
  }

  /** Reads {@code host:port}, or {@code [::1]:port} for an IPv6 address. */
  public static NodeAddress parse(String text) {
    String trimmed = text.strip();
    int colon = trimmed.lastIndexOf(':');
    if (colon <= 0) {
      throw malformed(text, "it has no port");
    }
    String host = trimmed.substring(0, colon);
    if (host.startsWith("[")) {
      if (!host.endsWith("]") || host.length() < 4) {
        throw malformed(text, "the bracket is not closed");
      }
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw malformed(text, "an IPv6 address stands in brackets, as [::1]:11211");
    }
    int port;
    try {
      port = Integer.parseInt(trimmed.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw malformed(text, "\"" + trimmed.substring(colon + 1) + "\" is not a port");
    }
    return new NodeAddress(host, port);
  }

  /**
   * Reads {@code host:port,host:port,…}. The order is kept: placement depends on it.
   *
   * @throws IllegalArgumentException if the list is empty, or an address is malformed or listed
   *     twice (it would get two shares of the keys, and readers would not look there)
   */
  public static List<NodeAddress> parseList(String text) {
    List<NodeAddress> addresses = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String part : text.split(",", -1)) {
      NodeAddress address = parse(part);
      if (!seen.add(address.toString().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "node addresses \"%s\": %s is there twice; name each node once"
                .formatted(text, address));
      }
      addresses.add(address);
    }
    return List.copyOf(addresses);
  }

  /** Names the node in a failure: sockets say only "Broken pipe". */
  IOException failure(String what, Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new IOException("memcached %s: %s: %s".formatted(this, what, why), cause);
  }

  private static IllegalArgumentException malformed(String text, String why) {
    return new IllegalArgumentException(
        "node address \"%s\": %s; write host:port, as cache1:11211".formatted(text, why));
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
