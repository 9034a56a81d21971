package io.zonecast.bench.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.sandbox.MemcachedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What a node says of itself, over a connection of its own. */
final class NodeStats implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader answers;
  private final OutputStream questions;

  NodeStats(MemcachedServer node) throws IOException {
    socket = new Socket(node.host(), node.port());
    socket.setTcpNoDelay(true);
    answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    questions = socket.getOutputStream();
  }

  /** How many entries of the table the node holds, the sink's checkpoints counted too. */
  long items() throws IOException {
    return Long.parseLong(read().getOrDefault("curr_items", "0"));
  }

  /**
   * Waits until the node holds at least {@code expected} entries; asks rarely enough not to slow
   * down the filling.
   */
  void awaitItems(long expected, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long found = items(); found < expected; found = items()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the node holds %,d entries of %,d after %s".formatted(found, expected, limit));
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  private Map<String, String> read() throws IOException {
    questions.write("stats\r\n".getBytes(US_ASCII));
    Map<String, String> stats = new HashMap<>();
    for (String line = answers.readLine(); !"END".equals(line); line = answers.readLine()) {
      if (line == null) {
        throw new IOException("the node closed the connection");
      }
      String[] words = line.split(" ", 3);
      stats.put(words[1], words[2]);
    }
    return stats;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
