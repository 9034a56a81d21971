package io.zonecast.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** memcached from its public image, in a container that only this machine can reach. */
record DockerMemcached(Path docker) implements MemcachedProgram {
  private static final String IMAGE = "memcached:1.6-alpine";

  /** Only if an engine answers: the client alone is on many machines that have none. */
  static Optional<MemcachedProgram> find() {
    return Executables.find("docker")
        .filter(
            docker ->
                Executables.succeeds(
                    Duration.ofSeconds(5), docker.toString(), "version", "--format", "{{.Server}}"))
        .map(DockerMemcached::new);
  }

  @Override
  public ServerCommand command(int port, List<String> options) {
    String container = "zonecast-memcached-" + UUID.randomUUID();
    String published = "%s:%d:11211".formatted(Ports.LOOPBACK.getHostAddress(), port);
    List<String> command = new ArrayList<>();
    command.addAll(List.of(docker.toString(), "run", "--rm", "--name", container));
    command.addAll(List.of("-p", published, IMAGE, "memcached", "-m", "256"));
    command.addAll(options);
    return new ServerCommand(command, Optional.of(container));
  }
}
