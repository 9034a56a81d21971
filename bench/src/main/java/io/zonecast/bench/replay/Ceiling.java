package io.zonecast.bench.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.ZoneTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Measures what memcached takes at most: a table's sets as our sink sends them, in the same order,
 * encoded beforehand, down one socket whose send buffer is large, until the last is acknowledged.
 *
 * @param bytes sets of memcached's meta protocol that say nothing when they succeed ({@code ms
 *     <key> <length> q}), in batches that each end with {@code mn}, answered {@code MN}
 */
record Ceiling(MemcachedServer node, ByteBuffer bytes, int rows) {
  private static final int SEND_BUFFER_BYTES = 4 << 20;
  private static final int SETS_OF_A_BATCH = 5_000;
  private static final String ACKNOWLEDGEMENT = "MN\r\n";

  static Contestant of(MemcachedServer node, BenchTable table) {
    // In the order of a replay, which reads one partition after the other.
    List<Map.Entry<String, String>> rows = new ArrayList<>(table.zones().entrySet());
    rows.sort(Comparator.comparingInt(row -> partition(row.getKey())));
    StringBuilder sets = new StringBuilder();
    int count = 0;
    for (Map.Entry<String, String> row : rows) {
      sets.append("ms ").append(BenchPool.PREFIX).append(row.getKey()).append(' ');
      sets.append(row.getValue().length()).append(" q\r\n").append(row.getValue()).append("\r\n");
      if (++count % SETS_OF_A_BATCH == 0) {
        sets.append("mn\r\n");
      }
    }
    sets.append("mn\r\n");
    ByteBuffer bytes = ByteBuffer.wrap(sets.toString().getBytes(US_ASCII));
    Ceiling ceiling = new Ceiling(node, bytes, table.rows());
    return new Contestant("ceiling: pre-encoded, one socket", node::kill, ceiling::run);
  }

  private static int partition(String key) {
    return KeyPartition.of(key.getBytes(US_ASCII), ZoneTopic.DEFAULT_PARTITIONS);
  }

  private Measurement run() throws IOException {
    node.restartEmpty();
    try (SocketChannel channel = SocketChannel.open()) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
      channel.connect(new InetSocketAddress(node.host(), node.port()));
      long start = System.nanoTime();
      CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(channel));
      readAcknowledgements(channel);
      Measurement measured = Measurement.since(start, rows);
      sent.join();
      return measured;
    }
  }

  private void send(SocketChannel channel) {
    ByteBuffer left = bytes.asReadOnlyBuffer();
    try {
      while (left.hasRemaining()) {
        channel.write(left);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Quiet sets that succeed say nothing: all that there is to read is one MN a batch. */
  private void readAcknowledgements(SocketChannel channel) throws IOException {
    String expected = ACKNOWLEDGEMENT.repeat(rows / SETS_OF_A_BATCH + 1);
    ByteBuffer answers = ByteBuffer.allocate(expected.length());
    while (answers.hasRemaining()) {
      if (channel.read(answers) < 0) {
        throw new IOException("memcached %s closed the connection".formatted(node.address()));
      }
    }
    if (!new String(answers.array(), US_ASCII).equals(expected)) {
      throw new IOException("memcached %s refused a set".formatted(node.address()));
    }
  }
}
