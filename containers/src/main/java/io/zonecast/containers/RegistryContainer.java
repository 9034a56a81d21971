package io.zonecast.containers;

import io.zonecast.sandbox.Ports;
import io.zonecast.sandbox.SchemaRegistryServer;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** Apicurio Registry in a container, published on a port of the loopback address. */
final class RegistryContainer extends ServerContainer implements SchemaRegistryServer {
  private static final int PORT_INSIDE = 8080;
  private static final String API = "/apis/ccompat/v7";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final int port;

  RegistryContainer() {
    this(Ports.free());
  }

  private RegistryContainer(int port) {
    super(
        Images.REGISTRY,
        new Published(port),
        starts ->
            Wait.forHttp(API + "/subjects").forPort(PORT_INSIDE).withStartupTimeout(START_LIMIT));
    this.port = port;
  }

  @Override
  public String url() {
    return "http://" + Ports.LOOPBACK.getHostAddress() + ":" + port + API;
  }

  @Override
  public String toString() {
    return "schema registry " + url() + " in a container";
  }

  private static final class Published extends GenericContainer<Published> {
    Published(int port) {
      super(Images.REGISTRY);
      withExposedPorts(PORT_INSIDE);
      setPortBindings(
          List.of("%s:%d:%d".formatted(Ports.LOOPBACK.getHostAddress(), port, PORT_INSIDE)));
    }

    /** Not Testcontainers' guess, which is a gateway where tests run in a container themselves. */
    @Override
    public String getHost() {
      return Ports.LOOPBACK.getHostAddress();
    }
  }
}
