package io.zonecast.sandbox;

import java.util.List;

/**
 * The servers of integration tests: one broker for the whole JVM, started on first use, and as many
 * memcached nodes as asked for. Everything ends with the JVM.
 *
 * <p>Tests share the broker, so they name their topics and groups uniquely; one that kills or
 * pauses it restarts or resumes it before it ends. Thread-safe.
 */
public final class Servers {
  private static final Servers SHARED = new Servers();

  private static final class SharedBroker {
    static final KafkaBroker INSTANCE = LocalBroker.start(BrokerSettings.DEFAULT);
  }

  private static final class SharedSecuredBroker {
    static final SecuredBroker INSTANCE = SecuredBroker.start();
  }

  private Servers() {}

  /** This JVM's servers. Starts nothing by itself. */
  public static Servers shared() {
    return SHARED;
  }

  /** The broker of this JVM; its first caller waits until it has started. */
  public KafkaBroker broker() {
    return SharedBroker.INSTANCE;
  }

  /** This JVM's broker with TLS, logins and access control; its first caller waits for it. */
  public SecuredBroker securedBroker() {
    return SharedSecuredBroker.INSTANCE;
  }

  /** A further broker, for the caller to close: one with settings or faults of its own. */
  public KafkaBroker broker(BrokerSettings settings) {
    return LocalBroker.start(settings);
  }

  /**
   * A new memcached node, for the caller to close.
   *
   * @param options memcached's own, as {@code "-m", "64"}
   */
  public MemcachedNode memcached(String... options) {
    return new LinkedMemcached(LocalMemcached.start(MemcachedProgram.obtain(), List.of(options)));
  }

  /** As {@link #memcached}, with nothing between: for what is measured. */
  public MemcachedServer direct(String... options) {
    return LocalMemcached.start(MemcachedProgram.obtain(), List.of(options));
  }

  /** Whether the build has unpacked a schema registry; it does where tests are run. */
  public boolean hasSchemaRegistry() {
    return LocalRegistry.isUnpacked();
  }

  /** A new schema registry without schemas, for the caller to close; it takes seconds to start. */
  public SchemaRegistryServer schemaRegistry() {
    return LocalRegistry.start();
  }
}
