package io.zonecast.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The servers of integration tests: one broker for the whole JVM, started on first use, and as many
 * memcached nodes as asked for. Everything ends with the JVM.
 *
 * <p>They are containers where there are {@link ContainerServers} on the class path and their
 * engine answers, and processes elsewhere; the system property {@value ServerChoice#PROPERTY}
 * forces {@code containers} or {@code processes}. Which it was and why is said on stderr, once.
 *
 * <p>Tests share the broker, so they name their topics and groups uniquely; one that kills or
 * pauses it restarts or resumes it before it ends. Thread-safe.
 */
public final class Servers {
  private static final Servers SHARED = new Servers();

  private static final class SharedBroker {
    static final KafkaBroker INSTANCE = SHARED.broker(BrokerSettings.DEFAULT);
  }

  private @Nullable ServerSource source;

  private Servers() {}

  /** This JVM's servers. Starts nothing by itself. */
  public static Servers shared() {
    return SHARED;
  }

  /** The broker of this JVM; its first caller waits until it has started. */
  public KafkaBroker broker() {
    return SharedBroker.INSTANCE;
  }

  /** A further broker, for the caller to close: one with settings or faults of its own. */
  public KafkaBroker broker(BrokerSettings settings) {
    return source().broker(settings);
  }

  /**
   * A new memcached node, for the caller to close.
   *
   * @param options memcached's own, as {@code "-m", "64"}
   */
  public MemcachedNode memcached(String... options) {
    return new MemcachedNode(direct(options));
  }

  /** As {@link #memcached}, with nothing between: for what is measured. */
  public MemcachedServer direct(String... options) {
    return source().memcached(List.of(options));
  }

  /** Whether there is a schema registry: as a process, one that the build has unpacked. */
  public boolean hasSchemaRegistry() {
    return source().hasSchemaRegistry();
  }

  /** A new schema registry without schemas, for the caller to close; it takes seconds to start. */
  public SchemaRegistryServer schemaRegistry() {
    return source().schemaRegistry();
  }

  /** Whether they are containers, for a test of just those. */
  public boolean areContainers() {
    return source() instanceof ContainerServers;
  }

  private synchronized ServerSource source() {
    ServerSource chosen = source;
    if (chosen == null) {
      Optional<ContainerServers> containers =
          ServiceLoader.load(ContainerServers.class, Servers.class.getClassLoader()).findFirst();
      ServerChoice choice =
          ServerChoice.make(
              Optional.ofNullable(System.getProperty(ServerChoice.PROPERTY)), containers);
      if (containers.isPresent()) {
        System.err.println("servers: " + choice.why());
      }
      chosen = choice.source();
      source = chosen;
    }
    return chosen;
  }
}
