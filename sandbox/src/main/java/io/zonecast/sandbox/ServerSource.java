package io.zonecast.sandbox;

import java.util.List;

/** Starts the servers that tests use, in its own way; all of them are on the loopback address. */
public interface ServerSource {

  /** A new broker, for the caller to close. */
  KafkaBroker broker(BrokerSettings settings);

  /**
   * A new memcached node, for the caller to close. It sees its clients under their own addresses.
   *
   * @param options memcached's own, as {@code "-m", "64"}
   */
  MemcachedServer memcached(List<String> options);

  /** Whether {@link #schemaRegistry} has one to start. */
  boolean hasSchemaRegistry();

  /** A new schema registry without schemas, for the caller to close. */
  SchemaRegistryServer schemaRegistry();
}
