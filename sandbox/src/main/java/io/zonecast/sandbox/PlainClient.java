package io.zonecast.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One connection that speaks memcached's text protocol and nothing of ours, so that no code under
 * test stands between a question and the truth. Values are ASCII. A failure is final: close it and
 * open another. Not thread-safe.
 */
public final class PlainClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader answers;
  private final OutputStream questions;

  private PlainClient(Socket socket) throws IOException {
    this.socket = socket;
    this.answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    this.questions = socket.getOutputStream();
  }

  /**
   * Connects.
   *
   * @param timeout of connecting, and of each answer
   */
  public static PlainClient open(MemcachedServer node, Duration timeout) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) timeout.toMillis());
      socket.connect(new InetSocketAddress(node.host(), node.port()), (int) timeout.toMillis());
      return new PlainClient(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The values of those keys that are there, asked for in one command. */
  public Map<String, String> get(Collection<String> keys) throws IOException {
    if (keys.isEmpty()) {
      return Map.of();
    }
    ask("get " + String.join(" ", keys));
    Map<String, String> values = new LinkedHashMap<>();
    for (String line = answer(); !line.equals("END"); line = answer()) {
      if (!line.startsWith("VALUE ")) {
        throw new IOException("not an answer to get: " + line);
      }
      values.put(line.substring(6, line.indexOf(' ', 6)), answer());
    }
    return values;
  }

  /** Stores an entry without flags or expiry. */
  public void set(String key, String value) throws IOException {
    ask("set %s 0 0 %d\r\n%s".formatted(key, value.length(), value));
    require("STORED", answer());
  }

  /** Deletes an entry; false if there was none. */
  public boolean delete(String key) throws IOException {
    ask("delete " + key);
    String answer = answer();
    if (answer.equals("NOT_FOUND")) {
      return false;
    }
    require("DELETED", answer);
    return true;
  }

  /** Empties the node, which goes on running. */
  public void flushAll() throws IOException {
    ask("flush_all");
    require("OK", answer());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void ask(String command) throws IOException {
    questions.write((command + "\r\n").getBytes(US_ASCII));
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new EOFException("the node closed the connection");
    }
    return line;
  }

  private static void require(String expected, String answer) throws IOException {
    if (!answer.equals(expected)) {
      throw new IOException("expected %s, the node said: %s".formatted(expected, answer));
    }
  }
}
