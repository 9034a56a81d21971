package io.zonecast.sandbox;

import java.util.List;
import java.util.Optional;

/**
 * How a server is started and, if it is in a container, which one: signals go to that container,
 * since the engine's client that this JVM starts is not the server.
 */
record ServerCommand(List<String> command, Optional<String> container) {
  ServerCommand {
    command = List.copyOf(command);
  }

  static ServerCommand process(List<String> command) {
    return new ServerCommand(command, Optional.empty());
  }
}
