package io.zonecast.sandbox;

/**
 * Servers in containers. {@link Servers} finds them with a {@link java.util.ServiceLoader}: tests
 * have them on their class path, and nothing that ships has.
 */
public interface ContainerServers extends ServerSource {

  /** Asks the engine whether it can be used, and starts nothing. */
  EngineAnswer engine();

  /**
   * What became of asking for an engine.
   *
   * @param usable whether containers can be started that tests reach, and that reach tests
   * @param says half a sentence, as {@code Docker 20.10.24 answers} or {@code no Docker engine
   *     answers}
   */
  record EngineAnswer(boolean usable, String says) {}
}
