package io.zonecast.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** memcached as an ordinary program of this machine. */
record InstalledMemcached(Path path) implements MemcachedProgram {

  static Optional<MemcachedProgram> find() {
    return Executables.find("memcached").map(InstalledMemcached::new);
  }

  @Override
  public ServerCommand command(int port, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(path.toString());
    command.addAll(List.of("-l", Ports.LOOPBACK.getHostAddress(), "-p", Integer.toString(port)));
    command.addAll(List.of("-m", "256"));
    if (Executables.runAsRoot()) {
      // memcached refuses to serve as root.
      command.addAll(List.of("-u", "nobody"));
    }
    command.addAll(options);
    return ServerCommand.process(command);
  }
}
