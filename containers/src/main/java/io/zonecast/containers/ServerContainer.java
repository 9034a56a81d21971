package io.zonecast.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import io.zonecast.sandbox.SandboxException;
import io.zonecast.sandbox.SandboxServer;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A container whose server can be killed, frozen and started again: with its files, which are the
 * container's, and on its ports, which are fixed. Not thread-safe.
 */
abstract class ServerContainer implements SandboxServer {
  private static final int LIMIT_SECONDS = 30;

  /** Images that could not be pulled: trying takes two minutes, each time. */
  private static final Set<DockerImageName> MISSING = ConcurrentHashMap.newKeySet();

  private final DockerImageName image;
  private final GenericContainer<?> container;
  private final IntFunction<WaitStrategy> ready;
  private int starts = 1;

  /**
   * Starts a container and waits until its server answers.
   *
   * @param image for messages
   * @param ready waits until it answers, after its first, second, … start
   */
  ServerContainer(
      DockerImageName image, GenericContainer<?> container, IntFunction<WaitStrategy> ready) {
    this.image = image;
    this.container = container;
    this.ready = ready;
    ContainerGuard.watch();
    if (MISSING.contains(image)) {
      throw new SandboxException(
          "there is no image %s, as a test before this one found; load it with: docker pull %s"
              .formatted(image, image));
    }
    try {
      container.waitingFor(ready.apply(starts)).start();
    } catch (ContainerFetchException e) {
      MISSING.add(image);
      throw new SandboxException(
          "there is no image %s and it cannot be pulled; load it, or run the tests with -Dzonecast.test.servers=processes"
              .formatted(image),
          e);
    } catch (ContainerLaunchException e) {
      throw new SandboxException(
          "a container of %s did not start: %s".formatted(image, rootOf(e).getMessage()), e);
    }
  }

  /** SIGKILL, to the server alone; nothing if it has ended already. */
  public void kill() {
    if (isRunning()) {
      docker().killContainerCmd(id()).exec();
      awaitEnd();
    }
  }

  /** Tells the server to end in good order with a signal, and waits until it has. */
  void finish(String signal) {
    docker().killContainerCmd(id()).withSignal(signal).exec();
    awaitEnd();
  }

  /** Starts a server that has ended, and waits until it answers. */
  void startAgain() {
    starts++;
    docker().startContainerCmd(id()).exec();
    ready.apply(starts).waitUntilReady(container);
  }

  /** Freezes the server's processes where they stand. */
  @Override
  public void pause() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!freezes(System.nanoTime() > deadline)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** On a busy machine the engine may find threads still running, and thaws those it froze. */
  private boolean freezes(boolean lastTry) {
    try {
      docker().pauseContainerCmd(id()).exec();
      return true;
    } catch (InternalServerErrorException e) {
      if (lastTry) {
        throw new SandboxException(
            "container %s of %s cannot be paused: %s".formatted(id(), image, e.getMessage()), e);
      }
      return false;
    }
  }

  @Override
  public void resume() {
    docker().unpauseContainerCmd(id()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }

  private boolean isRunning() {
    return Boolean.TRUE.equals(docker().inspectContainerCmd(id()).exec().getState().getRunning());
  }

  private void awaitEnd() {
    try (var end = docker().waitContainerCmd(id()).start()) {
      end.awaitStatusCode(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (DockerClientException | IOException e) {
      throw new SandboxException(
          "container %s of %s did not end within %d s; see why with: docker logs %s"
              .formatted(id(), image, LIMIT_SECONDS, id()),
          e);
    }
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  private String id() {
    return container.getContainerId();
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
