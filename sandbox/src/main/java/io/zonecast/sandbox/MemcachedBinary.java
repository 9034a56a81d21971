package io.zonecast.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The memcached program of this machine. */
record MemcachedBinary(Path path) {

  static MemcachedBinary obtain() {
    return Executables.find("memcached")
        .map(MemcachedBinary::new)
        .orElseThrow(
            () -> new SandboxException("memcached is not installed: apt-get install memcached"));
  }

  /** The command that serves {@code port} on the loopback address. */
  List<String> command(int port) {
    List<String> command = new ArrayList<>();
    command.add(path.toString());
    command.addAll(List.of("-l", Ports.LOOPBACK.getHostAddress(), "-p", Integer.toString(port)));
    command.addAll(List.of("-U", "0", "-m", "256"));
    if (System.getProperty("user.name").equals("root")) {
      // memcached refuses to run as root.
      command.addAll(List.of("-u", "nobody"));
    }
    return command;
  }
}
