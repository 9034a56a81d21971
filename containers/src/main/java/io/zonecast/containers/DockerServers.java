package io.zonecast.containers;

import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.ContainerServers;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.SchemaRegistryServer;
import java.util.List;

/** Servers in containers of the Docker engine that the {@code docker} command talks to. */
public final class DockerServers implements ContainerServers {

  @Override
  public EngineAnswer engine() {
    return DockerEngine.ask();
  }

  @Override
  public KafkaBroker broker(BrokerSettings settings) {
    return new BrokerContainer(settings);
  }

  @Override
  public MemcachedServer memcached(List<String> options) {
    return new MemcachedContainer(options);
  }

  @Override
  public boolean hasSchemaRegistry() {
    return true;
  }

  @Override
  public SchemaRegistryServer schemaRegistry() {
    return new RegistryContainer();
  }
}
