package io.zonecast.containers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.sandbox.MemcachedServer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** memcached's text protocol, one line at a time. */
final class TextClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader answers;
  private final OutputStream commands;

  TextClient(MemcachedServer node) throws IOException {
    socket = new Socket(node.host(), node.port());
    socket.setSoTimeout(10_000);
    answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    commands = socket.getOutputStream();
  }

  void timeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** The first line of the answer. */
  String ask(String command) throws IOException {
    send(command);
    return answer();
  }

  void send(String command) throws IOException {
    commands.write((command + "\r\n").getBytes(US_ASCII));
  }

  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new EOFException();
    }
    return line;
  }

  /** The lines of the answer before {@code last}. */
  List<String> answersUntil(String last) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = answer();
    while (!line.equals(last)) {
      lines.add(line);
      line = answer();
    }
    return lines;
  }

  /** As the server should see it: host and port. */
  String ownAddress() {
    return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
