package io.zonecast.sandbox;

import java.util.List;
import java.util.Optional;
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
        Stream.of(InstalledMemcached::find, DockerMemcached::find, DebianPackage::install);
    return ways.map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    "memcached is not on the PATH and no Docker engine answers; install it with: "
                        + DebianPackage.commandForTheUser()));
  }
}
