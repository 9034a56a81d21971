package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.sandbox.MemcachedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/**
 * What memcached takes at most: the sets of a {@link QuietSets}, encoded beforehand, down one
 * socket whose send buffer is large, until the last is acknowledged.
 */
record Ceiling(MemcachedServer node, QuietSets sets) {
  private static final int SEND_BUFFER_BYTES = 4 << 20;

  Contestant contestant() {
    return new Contestant("ceiling: pre-encoded, one socket", node::kill, this::run);
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
      Measurement measured = Measurement.since(start, sets.count());
      sent.join();
      return measured;
    }
  }

  private void send(SocketChannel channel) {
    ByteBuffer bytes = sets.bytes();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Quiet sets that succeed say nothing, so that all there is to read is one MN a batch. */
  private void readAcknowledgements(SocketChannel channel) throws IOException {
    String acknowledgement = QuietSets.ACKNOWLEDGEMENT;
    long expected = (long) sets.batches() * acknowledgement.length();
    long received = 0;
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    while (received < expected) {
      if (channel.read(buffer.clear()) < 0) {
        throw new IOException("memcached %s closed the connection".formatted(node.address()));
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        if (buffer.get() != acknowledgement.charAt((int) (received % acknowledgement.length()))) {
          throw new IOException("memcached %s refused a set".formatted(node.address()));
        }
        received++;
      }
    }
  }
}
