package io.zonecast.containers;

import io.zonecast.sandbox.ContainerServers.EngineAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks for a Docker engine with the {@code docker} command. That takes a tenth of a second;
 * Testcontainers would try each way to an engine first. {@link ContainerGuard} needs the command
 * anyway.
 */
final class DockerEngine {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** As the kernel has it, and as an engine on this machine reports it. */
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private DockerEngine() {}

  static EngineAnswer ask() {
    return judge(info(), hostName());
  }

  /**
   * An engine is usable if it shares this machine's loopback interface: tests and their servers
   * find each other there, and memcached must see its clients' own addresses.
   *
   * @param info the engine's version, its host's name and its containers' operating system
   * @param hostName this machine's, or nothing where it is no Linux
   */
  static EngineAnswer judge(Optional<String> info, Optional<String> hostName) {
    String[] fields = info.orElse("").split(" ", -1);
    if (fields.length != 3 || fields[0].isEmpty()) {
      return new EngineAnswer(false, "no Docker engine answers");
    }
    String version = fields[0];
    String engineHost = fields[1];
    if (!hostName.equals(Optional.of(engineHost)) || !fields[2].equals("linux")) {
      return new EngineAnswer(
          false,
          "the Docker engine that answers, %s on %s, does not share this machine's loopback interface"
              .formatted(version, engineHost));
    }
    return new EngineAnswer(true, "Docker " + version + " answers");
  }

  private static Optional<String> info() {
    try {
      Process docker =
          new ProcessBuilder(
                  "docker", "info", "--format", "{{.ServerVersion}} {{.Name}} {{.OSType}}")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      docker.getOutputStream().close();
      if (!docker.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        docker.destroyForcibly();
        return Optional.empty();
      }
      String said = new String(docker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return docker.exitValue() == 0 ? Optional.of(said.strip()) : Optional.empty();
    } catch (IOException notInstalled) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<String> hostName() {
    try {
      return Optional.of(Files.readString(HOST_NAME).strip());
    } catch (IOException noLinux) {
      return Optional.empty();
    }
  }
}
