package io.zonecast.containers;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.ListenerPorts;
import java.time.Duration;
import org.testcontainers.containers.wait.strategy.Wait;

/** A Kafka broker in a container, its listeners published on ports of the loopback address. */
final class BrokerContainer extends ServerContainer implements KafkaBroker {
  private static final String STARTED = ".*Transitioning from RECOVERY to RUNNING.*";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final ListenerPorts ports;

  BrokerContainer(BrokerSettings settings) {
    this(settings, ListenerPorts.choose(settings));
  }

  private BrokerContainer(BrokerSettings settings, ListenerPorts ports) {
    // The log of a container that is started again goes on: there is one such line for each start.
    super(
        Images.KAFKA,
        new PublishedKafka(settings, ports),
        starts -> Wait.forLogMessage(STARTED, starts).withStartupTimeout(START_LIMIT));
    this.ports = ports;
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
  public void restart() {
    kill();
    startAgain();
  }

  @Override
  public String toString() {
    return "kafka " + bootstrapServers() + " in a container";
  }
}
