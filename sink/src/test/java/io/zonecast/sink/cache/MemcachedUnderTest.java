package io.zonecast.sink.cache;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A memcached process of its own for one test. */
final class MemcachedUnderTest implements AutoCloseable {
  private final Process process;
  private final int port;

  MemcachedUnderTest(String... args) throws IOException {
    port = freePort();
    List<String> command =
        new ArrayList<>(
            List.of("memcached", "-u", "root", "-l", "127.0.0.1", "-p", Integer.toString(port)));
    command.addAll(List.of(args));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Awaitility.await()
        .atMost(5, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(
            () -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              return true;
            });
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  NodeAddress address() {
    return new NodeAddress("127.0.0.1", port);
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
