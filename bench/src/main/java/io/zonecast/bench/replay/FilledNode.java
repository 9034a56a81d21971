package io.zonecast.bench.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.bench.pool.BenchPool;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.KeyCrawler;
import io.zonecast.sink.cache.NodeAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** How full a node is, asked over a connection of its own. */
final class FilledNode implements AutoCloseable {
  private static final Duration LISTING = Duration.ofMinutes(1);

  private static final Duration ASK_EVERY = Duration.ofMillis(2);

  private final Socket socket;
  private final BufferedReader answers;
  private final OutputStream questions;

  FilledNode(MemcachedServer node) throws IOException {
    socket = new Socket(node.host(), node.port());
    socket.setTcpNoDelay(true);
    answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    questions = socket.getOutputStream();
  }

  /** Holds a node that has been filled to one entry a row, by its own list of keys. */
  static void requireEntries(MemcachedServer node, int rows) throws IOException {
    long found =
        new KeyCrawler(
                NodeAddress.parse(node.address()),
                ConnectionSettings.DEFAULT,
                LISTING,
                BenchPool.PREFIX)
            .crawl((key, length) -> true);
    if (found != rows) {
      throw new IllegalStateException(
          "node %s holds %,d entries, the topic has %,d live keys"
              .formatted(node.address(), found, rows));
    }
  }

  /**
   * Waits until the node holds all rows, at most {@code limit}, asking rarely enough not to slow
   * down the filling; false if it does not hold them by then.
   */
  boolean awaitEntries(int rows, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    long expected = rows + (long) ZoneTopic.DEFAULT_PARTITIONS;
    while (items() < expected) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(ASK_EVERY.toNanos());
    }
    return true;
  }

  private long items() throws IOException {
    return Long.parseLong(stats().getOrDefault("curr_items", "0"));
  }

  private Map<String, String> stats() throws IOException {
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
