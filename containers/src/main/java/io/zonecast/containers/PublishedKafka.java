package io.zonecast.containers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.ListenerPorts;
import io.zonecast.sandbox.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Testcontainers' Kafka with fixed ports, with further listeners and the other {@link
 * BrokerSettings}.
 */
final class PublishedKafka extends KafkaContainer {
  private static final int PLAIN_PORT = 9092;

  /** Testcontainers' own further listener, by which the broker speaks to itself. */
  private static final String INTERNAL = "BROKER://localhost:9093";

  PublishedKafka(BrokerSettings settings, ListenerPorts ports) {
    super(Images.KAFKA);
    settings.serverProperties().forEach((name, value) -> withEnv(variable(name), line(value)));
    withEnv("KAFKA_HEAP_OPTS", "-Xmx" + settings.heap());
    withCommand("/etc/kafka/docker/run");
    publish(settings.listeners(), ports);
  }

  private void publish(Map<String, String> listeners, ListenerPorts ports) {
    List<String> bindings = new ArrayList<>();
    List<String> listening = new ArrayList<>();
    List<String> protocols = new ArrayList<>();
    List<String> advertised = new ArrayList<>(List.of(INTERNAL));
    for (String name : ports.names()) {
      boolean plain = name.equals(ListenerPorts.PLAIN);
      int inside = plain ? PLAIN_PORT : ports.port(name);
      bindings.add("%s:%d:%d".formatted(Ports.LOOPBACK.getHostAddress(), ports.port(name), inside));
      advertised.add(name + "://" + ports.address(name));
      if (!plain) {
        listening.add(name + "://0.0.0.0:" + inside);
        protocols.add(name + ":" + listeners.get(name));
      }
    }
    setPortBindings(bindings);
    addTo("KAFKA_LISTENERS", listening);
    addTo("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", protocols);
    withEnv("KAFKA_ADVERTISED_LISTENERS", String.join(",", advertised));
  }

  private void addTo(String variable, List<String> more) {
    List<String> all = new ArrayList<>(List.of(getEnvMap().get(variable)));
    all.addAll(more);
    withEnv(variable, String.join(",", all));
  }

  /** A broker that has started needs no further settings, because its ports are fixed. */
  @Override
  protected void containerIsStarting(InspectContainerResponse info) {}

  /** Not Testcontainers' guess, which is a gateway where tests run in a container themselves. */
  @Override
  public String getHost() {
    return Ports.LOOPBACK.getHostAddress();
  }

  /** The variable from which the image makes the property. */
  private static String variable(String property) {
    return "KAFKA_"
        + property
            .replace("_", "__")
            .replace("-", "___")
            .replace('.', '_')
            .toUpperCase(Locale.ROOT);
  }

  /** The image writes values into a file of properties as they are. */
  private static String line(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n");
  }
}
