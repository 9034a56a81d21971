package io.zonecast.sandbox;

import io.zonecast.sandbox.ContainerServers.EngineAnswer;
import java.util.Optional;

/**
 * Which servers a JVM's tests get.
 *
 * @param why for the log: which they are, and why, as {@code processes, no Docker engine answers}
 */
record ServerChoice(ServerSource source, String why) {
  /** {@code containers} or {@code processes} forces one; Maven hands it on to the tests' JVMs. */
  static final String PROPERTY = "zonecast.test.servers";

  private static final String CONTAINERS = "containers";
  private static final String PROCESSES = "processes";

  /**
   * Containers if an engine can be used, unless told otherwise.
   *
   * @param forced what {@link #PROPERTY} says
   * @param containers those on the class path
   * @throws SandboxException if what is forced cannot be had; the other is never taken instead
   */
  static ServerChoice make(Optional<String> forced, Optional<ContainerServers> containers) {
    return switch (forced.orElse("")) {
      case "" -> freely(containers);
      case PROCESSES -> new ServerChoice(new ProcessServers(), asTold(PROCESSES));
      case CONTAINERS -> new ServerChoice(usable(containers), asTold(CONTAINERS));
      default ->
          throw new SandboxException(
              "-D%s=%s is neither %s nor %s; give one of them, or leave it out"
                  .formatted(PROPERTY, forced.get(), CONTAINERS, PROCESSES));
    };
  }

  private static ServerChoice freely(Optional<ContainerServers> containers) {
    if (containers.isEmpty()) {
      return new ServerChoice(
          new ProcessServers(), PROCESSES + ", there are no containers on the class path");
    }
    EngineAnswer answer = containers.get().engine();
    return answer.usable()
        ? new ServerChoice(containers.get(), CONTAINERS + ", " + answer.says())
        : new ServerChoice(new ProcessServers(), PROCESSES + ", " + answer.says());
  }

  private static ServerSource usable(Optional<ContainerServers> containers) {
    ContainerServers asked =
        containers.orElseThrow(
            () ->
                new SandboxException(
                    "-D%s=%s, and none are on the class path; add zonecast-containers to it"
                        .formatted(PROPERTY, CONTAINERS)));
    EngineAnswer answer = asked.engine();
    if (!answer.usable()) {
      throw new SandboxException(
          "-D%s=%s, and %s; start one here, or take %s"
              .formatted(PROPERTY, CONTAINERS, answer.says(), PROCESSES));
    }
    return asked;
  }

  private static String asTold(String which) {
    return which + ", as -D" + PROPERTY + " says";
  }
}
