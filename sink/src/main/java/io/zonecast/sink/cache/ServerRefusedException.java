package io.zonecast.sink.cache;

import java.io.IOException;

/**
 * The node answered a single command with an error. The connection is sound; a refused set has
 * dropped the older entry of its key.
 */
public final class ServerRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  ServerRefusedException(NodeAddress node, String command, String serverLine) {
    super("memcached %s answered \"%s\" to %s".formatted(node, serverLine, command));
  }
}
