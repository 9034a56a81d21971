package io.zonecast.containers;

import io.zonecast.sandbox.Ports;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Waits until a port of this machine takes connections, for a container in its network. */
final class TakesConnections extends AbstractWaitStrategy {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final int port;

  TakesConnections(int port) {
    this.port = port;
  }

  @Override
  protected void waitUntilReady() {
    long deadline = System.nanoTime() + startupTimeout.toNanos();
    while (!Ports.takesConnections(port)) {
      if (System.nanoTime() > deadline || !waitStrategyTarget.isRunning()) {
        throw new ContainerLaunchException(
            "nobody listens on 127.0.0.1:%d; its last words: %s"
                .formatted(port, waitStrategyTarget.getLogs()));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
