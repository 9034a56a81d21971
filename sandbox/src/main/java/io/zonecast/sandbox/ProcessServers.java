package io.zonecast.sandbox;

import java.util.List;

/** Servers as processes of this machine. */
final class ProcessServers implements ServerSource {

  @Override
  public KafkaBroker broker(BrokerSettings settings) {
    // It lives for minutes: what the second compiler costs, a third of a start, it never earns
    // back.
    return new LocalBroker(settings, "-XX:TieredStopAtLevel=1");
  }

  @Override
  public MemcachedServer memcached(List<String> options) {
    return new LocalMemcached(MemcachedProgram.obtain(), options);
  }

  @Override
  public boolean hasSchemaRegistry() {
    return LocalRegistry.isUnpacked();
  }

  @Override
  public SchemaRegistryServer schemaRegistry() {
    return new LocalRegistry();
  }
}
