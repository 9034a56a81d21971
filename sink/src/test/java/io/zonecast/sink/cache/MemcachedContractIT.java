package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Servers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A real memcached keeps the contract of the one in memory. */
class MemcachedContractIT extends MemcachedContract {
  private static MemcachedNode memcached;

  private final Map<String, Socket> sockets = new HashMap<>();

  @BeforeAll
  static void startNode() {
    memcached = Servers.shared().memcached();
  }

  @AfterAll
  static void stopNode() {
    memcached.close();
  }

  @BeforeEach
  void empty() {
    ask("one", "flush_all\r\n", "\r\n");
  }

  @AfterEach
  void disconnect() throws IOException {
    for (Socket socket : sockets.values()) {
      socket.close();
    }
  }

  private Socket socket(String connection) {
    return sockets.computeIfAbsent(
        connection,
        its -> {
          try {
            MemcachedServer server = memcached.direct();
            Socket socket = new Socket(server.host(), server.port());
            socket.setSoTimeout(20_000);
            return socket;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  String ask(String connection, String request, String end) {
    try {
      Socket socket = socket(connection);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      var reply = new ByteArrayOutputStream();
      while (!reply.toString(UTF_8).endsWith(end)) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new EOFException("after " + reply.toString(UTF_8));
        }
        reply.write(next);
      }
      return reply.toString(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  String localAddress(String connection) {
    Socket socket = socket(connection);
    return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  @Override
  void eventually(BooleanSupplier holds) {
    await().pollInSameThread().until(holds::getAsBoolean);
  }
}
