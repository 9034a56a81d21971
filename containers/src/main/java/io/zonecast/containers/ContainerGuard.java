package io.zonecast.containers;

import io.zonecast.sandbox.SandboxException;
import java.io.IOException;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/**
 * Removes this JVM's containers when it ends, even by SIGKILL. Testcontainers' Ryuk does the same,
 * but needs an image and a privileged container.
 *
 * <p>A shell waits on a pipe whose other end only this JVM holds. The kernel closes it on any exit,
 * SIGKILL included. In an orderly exit Testcontainers' own hook has removed them by then.
 */
final class ContainerGuard {
  /** Looks again for a while: what the engine was asked for last may only appear now. */
  private static final String GUARD =
      """
      trap '' INT TERM HUP
      read -r word
      for again in 1 2 3; do
        containers=$(docker ps --all --quiet --filter "label=$1")
        [ -z "$containers" ] || docker rm --force --volumes $containers
        sleep 1
      done
      """;

  /** Its input must stay open, so it must not be collected. */
  private static final Process SHELL = start();

  private ContainerGuard() {}

  /** Call this before a container is created. */
  static void watch() {
    if (!SHELL.isAlive()) {
      throw new SandboxException(
          "the shell that removes containers has ended, exit code %d; it needs sh on the PATH"
              .formatted(SHELL.exitValue()));
    }
  }

  private static Process start() {
    String label =
        DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL + "=" + DockerClientFactory.SESSION_ID;
    try {
      return new ProcessBuilder(List.of("sh", "-c", GUARD, "guard", label))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new SandboxException("cannot start sh, which removes containers: " + e.getMessage(), e);
    }
  }
}
