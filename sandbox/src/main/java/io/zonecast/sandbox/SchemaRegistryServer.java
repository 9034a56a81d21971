package io.zonecast.sandbox;

/**
 * One schema registry that speaks Confluent's API, with its data in memory: what ends it empties
 * it. Not thread-safe.
 */
public interface SchemaRegistryServer extends SandboxServer {

  /** The base of Confluent's API, as {@code http://127.0.0.1:23456/apis/ccompat/v7}. */
  String url();
}
