package io.zonecast.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** memcached in the way this machine has it. */
interface MemcachedProgram {
  /** The command that serves {@code port} of the loopback address, with further options. */
  ServerCommand command(int port, List<String> options);

  /**
   * The program on the PATH; else Docker's image, if an engine answers; else Debian's package,
   * which root may install and is told about on stderr.
   *
   * @throws SandboxException if there is no way to have it; the message is the command to run
   */
  static MemcachedProgram obtain() {
    Stream<Supplier<Optional<MemcachedProgram>>> ways =
        Stream.of(
            MemcachedProgram::installed,
            // The client alone is on many machines where no engine answers.
            () ->
                Executables.find("docker")
                    .filter(MemcachedProgram::answers)
                    .map(MemcachedProgram::inDocker),
            DebianPackage::install);
    return ways.map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    "memcached is not on the PATH and no Docker engine answers; install it with: "
                        + DebianPackage.commandForTheUser()));
  }

  /** An ordinary program of this machine. */
  static Optional<MemcachedProgram> installed() {
    return Executables.find("memcached")
        .map(
            path ->
                (port, options) -> {
                  List<String> command = new ArrayList<>(List.of(path.toString()));
                  command.addAll(List.of("-l", Ports.LOOPBACK.getHostAddress()));
                  command.addAll(List.of("-p", Integer.toString(port), "-m", "256"));
                  if (Executables.runAsRoot()) {
                    // memcached refuses to serve as root.
                    command.addAll(List.of("-u", "nobody"));
                  }
                  command.addAll(options);
                  return ServerCommand.process(command);
                });
  }

  /** From its public image, in a container that only this machine can reach. */
  static MemcachedProgram inDocker(Path docker) {
    return (port, options) -> {
      String container = "zonecast-memcached-" + UUID.randomUUID();
      String published = "%s:%d:11211".formatted(Ports.LOOPBACK.getHostAddress(), port);
      List<String> command = new ArrayList<>();
      command.addAll(List.of(docker.toString(), "run", "--rm", "--name", container));
      command.addAll(List.of("-p", published, "memcached:1.6-alpine", "memcached", "-m", "256"));
      command.addAll(options);
      return new ServerCommand(command, Optional.of(container));
    };
  }

  private static boolean answers(Path docker) {
    return Executables.succeeds(
        Duration.ofSeconds(5), docker.toString(), "version", "--format", "{{.Server}}");
  }
}
