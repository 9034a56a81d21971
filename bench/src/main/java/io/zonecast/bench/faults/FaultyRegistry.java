package io.zonecast.bench.faults;

import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.SchemaRegistryServer;
import io.zonecast.schemas.registry.CompatibilityLevel;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.registry.ZoneSubject;
import io.zonecast.schemas.wire.BundledSchemas;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A schema registry with the schema of the updates, behind a link, so that its address stays when
 * it is started again. It keeps its schemas in memory: a new registry gets the same schema first,
 * and so gives it the same id.
 */
final class FaultyRegistry implements AutoCloseable {
  private final Supplier<SchemaRegistryServer> servers;
  private final String topic;
  private final LinkProxy link;
  private final String url;
  private final int schemaId;
  private SchemaRegistryServer server;

  /** Starts one, and registers the rows' schema for {@code topic}. */
  FaultyRegistry(Supplier<SchemaRegistryServer> servers, String topic) {
    this.servers = servers;
    this.topic = topic;
    this.server = servers.get();
    URI first = URI.create(server.url());
    this.link = LinkProxy.start(first.getHost(), first.getPort());
    this.url = "http://" + link.address() + first.getPath();
    this.schemaId = register();
  }

  private int register() {
    return new ZoneSubject(
            RegistrySettings.from(Map.of(RegistrySettings.URL, url)).orElseThrow().client(),
            BundledSchemas.load(),
            topic)
        .register(CompatibilityLevel.FULL_TRANSITIVE)
        .id();
  }

  /** As the sinks reach it. */
  String url() {
    return url;
  }

  /** The id under which it has the rows' schema. */
  int schemaId() {
    return schemaId;
  }

  /** Refuses connections from now on. */
  void stop() {
    link.refuseConnections();
    link.cut();
  }

  void start() {
    link.acceptConnections();
  }

  void freeze() {
    server.pause();
  }

  void thaw() {
    server.resume();
  }

  /** Ends it and starts another. For some seconds no registry answers. */
  void restart() {
    server.close();
    server = servers.get();
    URI now = URI.create(server.url());
    link.leadTo(now.getHost(), now.getPort());
    if (register() != schemaId) {
      throw new IllegalStateException("the new registry gave the same schema another id");
    }
  }

  @Override
  public void close() {
    link.close();
    server.close();
  }

  @Override
  public String toString() {
    return "registry " + url;
  }
}
