package io.zonecast.bench.replay;

import io.zonecast.sandbox.MemcachedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before a node and keeps what clients send to it, so that the ceiling can be measured with
 * our own entries in our own order.
 */
final class Recorder implements AutoCloseable {
  private final MemcachedServer node;
  private final ServerSocket listener;
  private final List<ByteArrayOutputStream> connections = new CopyOnWriteArrayList<>();

  Recorder(MemcachedServer node) throws IOException {
    this.node = node;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  String address() {
    return "%s:%d".formatted(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
  }

  /** The sets that were sent down the busiest connection. */
  QuietSets sets() {
    return connections.stream()
        .max(Comparator.comparingInt(ByteArrayOutputStream::size))
        .map(busiest -> QuietSets.in(busiest.toByteArray()))
        .orElseThrow(() -> new IllegalStateException("nobody has connected to " + address()));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      Socket server = new Socket(node.host(), node.port());
      ByteArrayOutputStream sent = new ByteArrayOutputStream(32 << 20);
      connections.add(sent);
      daemon(() -> copy(client, server, sent));
      daemon(() -> copy(server, client, OutputStream.nullOutputStream()));
    }
  }

  private static void copy(Socket from, Socket to, OutputStream record) throws IOException {
    byte[] buffer = new byte[64 << 10];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        record.write(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
  }

  private interface Body {
    void run() throws IOException;
  }

  private static void daemon(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException closed) {
                // One of the two ends is gone, and with it the connection.
              }
            },
            "recorder");
    thread.setDaemon(true);
    thread.start();
  }
}
