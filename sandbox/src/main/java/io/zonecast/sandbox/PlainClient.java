package io.zonecast.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Speaks memcached's text protocol and nothing of ours, so that no code under test stands between a
 * question and the truth. Connects at the first question, and again at the next one after a
 * failure. Values are ASCII. Not thread-safe.
 */
public final class PlainClient implements AutoCloseable {
  private final MemcachedServer node;
  private final int timeoutMillis;
  private @Nullable Connection connection;

  private record Connection(Socket socket, BufferedReader answers) {}

  private PlainClient(MemcachedServer node, int timeoutMillis) {
    this.node = node;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * A client that is not connected yet.
   *
   * @param timeout of connecting, and of each answer
   */
  public static PlainClient open(MemcachedServer node, Duration timeout) {
    return new PlainClient(node, (int) timeout.toMillis());
  }

  /** The values of those keys that are there, asked for in one command. */
  public Map<String, String> get(Collection<String> keys) throws IOException {
    if (keys.isEmpty()) {
      return Map.of();
    }
    send("get " + String.join(" ", keys));
    Map<String, String> values = new LinkedHashMap<>();
    for (String line = answer(); !line.equals("END"); line = answer()) {
      // VALUE <key> <flags> <length>
      String[] words = line.split(" ", 4);
      if (!words[0].equals("VALUE")) {
        throw unlike("an answer to get", line);
      }
      values.put(words[1], block(Integer.parseInt(words[3])));
    }
    return values;
  }

  /** Stores an entry without flags or expiry. */
  public void set(String key, String value) throws IOException {
    set(key, value, 0);
  }

  /** Stores an entry without expiry. */
  public void set(String key, String value, int flags) throws IOException {
    require("STORED", ask("set %s %d 0 %d\r\n%s".formatted(key, flags, value.length(), value)));
  }

  /** Deletes an entry; false if there was none. */
  public boolean delete(String key) throws IOException {
    String answer = ask("delete " + key);
    if (answer.equals("NOT_FOUND")) {
      return false;
    }
    require("DELETED", answer);
    return true;
  }

  /** Empties the node, which goes on running. */
  public void flushAll() throws IOException {
    require("OK", ask("flush_all"));
  }

  /** What the node says of itself, as {@code curr_items}. */
  public Map<String, String> stats() throws IOException {
    Map<String, String> stats = new LinkedHashMap<>();
    for (String line : list("stats")) {
      String[] words = line.split(" ", 3);
      stats.put(words[1], words[2]);
    }
    return stats;
  }

  /** The answer to a command that is answered with one line. */
  public String ask(String command) throws IOException {
    send(command);
    return answer();
  }

  /** The lines of a listing, before its END. */
  public List<String> list(String command) throws IOException {
    send(command);
    List<String> lines = new ArrayList<>();
    for (String line = answer(); !line.equals("END"); line = answer()) {
      if (!line.startsWith("STAT ") && !line.startsWith("key=")) {
        throw unlike("a listing", line);
      }
      lines.add(line);
    }
    return lines;
  }

  @Override
  public void close() {
    Connection closing = connection;
    connection = null;
    if (closing != null) {
      try {
        closing.socket.close();
      } catch (IOException e) {
        // Closed is closed.
      }
    }
  }

  private void send(String command) throws IOException {
    try {
      connected().socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private String answer() throws IOException {
    try {
      String line = connected().answers.readLine();
      if (line == null) {
        throw new EOFException("the node closed the connection");
      }
      return line;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Connection connected() throws IOException {
    if (connection == null) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(timeoutMillis);
        socket.connect(new InetSocketAddress(node.host(), node.port()), timeoutMillis);
        InputStreamReader answers = new InputStreamReader(socket.getInputStream(), US_ASCII);
        connection = new Connection(socket, new BufferedReader(answers));
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }
    return connection;
  }

  /** What stands before its line's end, which may be several lines. */
  private String block(int length) throws IOException {
    char[] block = new char[length];
    BufferedReader answers = connected().answers;
    for (int at = 0; at < length; ) {
      int count = answers.read(block, at, length - at);
      if (count < 0) {
        throw unlike("a value", "");
      }
      at += count;
    }
    return new String(block) + answer();
  }

  private void require(String expected, String answer) throws IOException {
    if (!answer.equals(expected)) {
      throw unlike(expected, answer);
    }
  }

  private IOException unlike(String expected, String answer) {
    close();
    return new IOException("expected %s, the node said: %s".formatted(expected, answer));
  }
}
