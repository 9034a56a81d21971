package io.zonecast.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Ports;
import io.zonecast.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;

/**
 * memcached in a container of this machine's network, on a loopback port of its own.
 *
 * <p>A published port would do for its clients, but not for the checkpoint protocol: a sink tells
 * whether a former writer is gone by the addresses that memcached lists, and behind a published
 * port that is the bridge's gateway for all of them.
 */
final class MemcachedContainer implements MemcachedServer {
  private final int port = Ports.free();
  private final ServerContainer server;

  MemcachedContainer(List<String> options) {
    GenericContainer<?> container =
        new GenericContainer<>(Images.MEMCACHED)
            .withNetworkMode("host")
            .withCommand(command(options))
            .withCreateContainerCmdModifier(create -> keepMemory(create, options));
    this.server =
        new ServerContainer(Images.MEMCACHED, container, starts -> new TakesConnections(port));
  }

  @Override
  public String host() {
    return Ports.LOOPBACK.getHostAddress();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }

  @Override
  public void restartEmpty() {
    server.kill();
    server.startAgain();
  }

  @Override
  public void restartWarm(Runnable whileDown) {
    server.finish("SIGUSR1");
    whileDown.run();
    server.startAgain();
  }

  @Override
  public void close() {
    server.remove();
  }

  @Override
  public String toString() {
    return "memcached " + address() + " in a container";
  }

  private String[] command(List<String> options) {
    List<String> command = new ArrayList<>(List.of("memcached", "-l", host()));
    command.addAll(List.of("-p", Integer.toString(port), "-m", "256"));
    command.addAll(options);
    return command.toArray(String[]::new);
  }

  /** Mounts the directory of {@code -e FILE} where it is, and lets memcached be its owner. */
  private static void keepMemory(CreateContainerCmd create, List<String> options) {
    int option = options.indexOf("-e");
    if (option < 0) {
      return;
    }
    Path directory = Objects.requireNonNull(Path.of(options.get(option + 1)).getParent());
    HostConfig host = Objects.requireNonNull(create.getHostConfig());
    host.withBinds(new Bind(directory.toString(), new Volume(directory.toString())));
    try {
      Object owner = Files.getAttribute(directory, "unix:uid");
      if (!owner.equals(0)) {
        // As root memcached does not serve; then the directory is open to the image's own user.
        create.withUser(owner.toString());
      }
    } catch (IOException e) {
      throw new SandboxException("no owner of " + directory + ": " + e.getMessage(), e);
    }
  }
}
