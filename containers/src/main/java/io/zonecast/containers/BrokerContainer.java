package io.zonecast.containers;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.ListenerPorts;
import java.time.Duration;
import org.testcontainers.containers.wait.strategy.Wait;

/** A Kafka broker in a container, its listeners published on ports of the loopback address. */
final class BrokerContainer implements KafkaBroker {
  private static final String STARTED = ".*Transitioning from RECOVERY to RUNNING.*";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final ListenerPorts ports;
  private final ServerContainer server;

  BrokerContainer(BrokerSettings settings) {
    this.ports = ListenerPorts.choose(settings);
    // The log of a container that is started again goes on: there is one such line for each start.
    this.server =
        new ServerContainer(
            Images.KAFKA,
            new PublishedKafka(settings, ports),
            starts -> Wait.forLogMessage(STARTED, starts).withStartupTimeout(START_LIMIT));
  }

  @Override
  public String bootstrapServers() {
    return bootstrapServers(ListenerPorts.PLAIN);
  }

  @Override
  public String bootstrapServers(String listener) {
    return ports.address(listener);
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() {
    server.kill();
    server.startAgain();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }

  @Override
  public void close() {
    server.remove();
  }

  @Override
  public String toString() {
    return "kafka " + bootstrapServers() + " in a container";
  }
}
