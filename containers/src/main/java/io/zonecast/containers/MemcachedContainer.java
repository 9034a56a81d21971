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
final class MemcachedContainer extends ServerContainer implements MemcachedServer {
  private static final String LOOPBACK = Ports.LOOPBACK.getHostAddress();

  private final int port;

  MemcachedContainer(List<String> options) {
    this(Ports.free(), options);
  }

  private MemcachedContainer(int port, List<String> options) {
    super(
        Images.MEMCACHED,
        new GenericContainer<>(Images.MEMCACHED)
            .withNetworkMode("host")
            .withCommand(command(port, options))
            .withCreateContainerCmdModifier(create -> keepMemory(create, options)),
        starts -> new TakesConnections(port));
    this.port = port;
  }

  @Override
  public String host() {
    return LOOPBACK;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void restartEmpty() {
    kill();
    startAgain();
  }

  @Override
  public void restartWarm(Runnable whileDown) {
    finish("SIGUSR1");
    whileDown.run();
    startAgain();
  }

  @Override
  public String toString() {
    return "memcached " + address() + " in a container";
  }

  private static String[] command(int port, List<String> options) {
    List<String> command = new ArrayList<>(List.of("memcached", "-l", LOOPBACK));
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
