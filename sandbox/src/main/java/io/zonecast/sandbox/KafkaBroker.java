package io.zonecast.sandbox;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One Kafka broker with its data. Its address is the same for as long as it lives, restarts
 * included. Not thread-safe.
 */
public interface KafkaBroker extends SandboxServer {

  /** The plain-text listener, as {@code 127.0.0.1:23456}. */
  String bootstrapServers();

  /** The address of a listener of {@link BrokerSettings#withListener}. */
  String bootstrapServers(String listener);

  /** Ends the broker without warning, as SIGKILL does; its data stays. */
  void kill();

  /** Starts the broker again with its data, on the same ports, killing it first if it runs. */
  void restart();

  /** Where its log files are; empty if they are out of reach, as a container's. */
  default Optional<Path> dataDirectory() {
    return Optional.empty();
  }
}
