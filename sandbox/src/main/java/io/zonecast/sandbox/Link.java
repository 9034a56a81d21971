package io.zonecast.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a {@link LinkProxy}: two sockets and a {@link Flow} each way. */
final class Link {
  static final int SOCKET_BUFFER_BYTES = 4 << 20;

  private final SocketChannel client;
  private final SocketChannel server;
  private final Consumer<Link> whenClosed;
  private final Flow there;
  private final Flow back;
  private final AtomicInteger openFlows = new AtomicInteger(2);

  Link(
      SocketChannel client,
      SocketChannel server,
      LinkConditions conditions,
      OutputStream sent,
      Consumer<Link> whenClosed)
      throws IOException {
    this.client = client;
    this.server = server;
    this.whenClosed = whenClosed;
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    client.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
    this.there = new Flow(client, server, conditions, sent, this::flowEnded, this::reset);
    OutputStream nowhere = OutputStream.nullOutputStream();
    this.back = new Flow(server, client, conditions, nowhere, this::flowEnded, this::reset);
  }

  static SocketChannel connect(InetSocketAddress target) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
      channel.connect(target);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    there.start();
    back.start();
  }

  /** Closes both sockets so that their peers see a reset. */
  void reset() {
    reset(client);
    reset(server);
    stopped();
  }

  /** Closes both sockets so that their peers see an end. */
  void close() {
    end(client);
    end(server);
    stopped();
  }

  static void reset(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    } catch (IOException alreadyClosed) {
      // Nothing left to reset.
    }
  }

  private static void end(SocketChannel channel) {
    try {
      channel.shutdownOutput();
      channel.close();
    } catch (IOException alreadyClosed) {
      // Nothing left to end.
    }
  }

  /** Each end may stop sending by itself; the connection is over when both have. */
  private void flowEnded() {
    if (openFlows.decrementAndGet() == 0) {
      close();
    }
  }

  private void stopped() {
    there.stop();
    back.stop();
    whenClosed.accept(this);
  }
}
