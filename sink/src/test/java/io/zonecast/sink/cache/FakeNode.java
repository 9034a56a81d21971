package io.zonecast.sink.cache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A server that takes connections and does with each what a test tells it, on its own thread. */
public final class FakeNode implements AutoCloseable {
  /** What to do with a connection; it is closed afterwards. */
  interface Script {
    void run(Socket socket) throws Exception;
  }

  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  FakeNode(Script script) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    // So that a client which writes to a server that does not read is soon held up.
    server.setReceiveBufferSize(16 * 1024);
    daemon(
        () -> {
          while (true) {
            Socket socket = server.accept();
            sockets.add(socket);
            daemon(
                () -> {
                  try (socket) {
                    script.run(socket);
                  }
                });
          }
        });
  }

  /** Reads one request, up to its {@code mn} or its first line's end, and gives this answer. */
  static FakeNode answering(byte[] answer) throws IOException {
    return new FakeNode(
        socket -> {
          readRequest(socket);
          socket.getOutputStream().write(answer);
          swallow(socket);
        });
  }

  static FakeNode answering(String answer) throws IOException {
    return answering(answer.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers one request after the other. */
  public static FakeNode answeringEach(UnaryOperator<String> answers) throws IOException {
    return new FakeNode(
        socket -> {
          for (String request = readRequest(socket);
              !request.isEmpty();
              request = readRequest(socket)) {
            socket.getOutputStream().write(answers.apply(request).getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  static String readRequest(Socket socket) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    while (true) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        return request.toString(StandardCharsets.UTF_8);
      }
      request.write(b);
      String text = request.toString(StandardCharsets.UTF_8);
      if (text.endsWith("mn\r\n") || (text.endsWith("\r\n") && isLine(text))) {
        return text;
      }
    }
  }

  private static boolean isLine(String text) {
    return text.startsWith("stats") || text.startsWith("md ");
  }

  /** Reads until the other side is done, so that the connection stays open until then. */
  static void swallow(Socket socket) throws IOException {
    byte[] buffer = new byte[1 << 16];
    while (socket.getInputStream().read(buffer) >= 0) {
      // what comes does not matter
    }
  }

  private interface Task {
    void run() throws Exception;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception closed) {
                // The test looks at what the client made of it.
              }
            },
            "fake-node");
    thread.setDaemon(true);
    thread.start();
  }

  public NodeAddress address() {
    return new NodeAddress("127.0.0.1", server.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
