package io.zonecast.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection through a {@link LinkProxy}: two sockets, and each way a thread that takes bytes
 * in and stamps them with the time at which they are to arrive, and one that hands them on then.
 * Because reading never waits for that time, the delay costs no bandwidth.
 */
final class Link {
  static final int MAX_BYTES_UNDER_WAY = 64 << 20;
  static final int SOCKET_BUFFER_BYTES = 4 << 20;
  private static final int READ_BYTES = 256 << 10;

  private final SocketChannel client;
  private final SocketChannel server;
  private final LinkProxy proxy;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger openWays = new AtomicInteger(2);

  /** Bytes under way; none where the sender has ended its side. */
  private record Parcel(ByteBuffer bytes, long dueNanos) {}

  Link(SocketChannel client, SocketChannel server, LinkProxy proxy) throws IOException {
    this.client = client;
    this.server = server;
    this.proxy = proxy;
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    client.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
    addWay(client, server);
    addWay(server, client);
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

  private void addWay(SocketChannel from, SocketChannel to) {
    BlockingQueue<Parcel> underWay = new LinkedBlockingQueue<>();
    Semaphore room = new Semaphore(MAX_BYTES_UNDER_WAY);
    threads.add(daemon("link-reader", () -> guarded(() -> read(from, underWay, room))));
    threads.add(daemon("link-writer", () -> guarded(() -> write(to, underWay, room))));
  }

  void start() {
    threads.forEach(Thread::start);
  }

  private interface Loop {
    void run() throws IOException, InterruptedException;
  }

  private void guarded(Loop loop) {
    try {
      loop.run();
    } catch (IOException broken) {
      reset();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(SocketChannel from, BlockingQueue<Parcel> underWay, Semaphore room)
      throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    while (true) {
      proxy.awaitForwarding();
      int count = from.read(buffer.clear());
      long dueNanos = System.nanoTime() + proxy.oneWayNanos();
      if (count < 0) {
        underWay.put(new Parcel(ByteBuffer.allocate(0), dueNanos));
        return;
      }
      // Copied to their own length: a thousand small answers must not hold a thousand large
      // buffers.
      ByteBuffer bytes = ByteBuffer.allocate(count);
      bytes.put(buffer.flip()).flip();
      room.acquire(count);
      underWay.put(new Parcel(bytes, dueNanos));
    }
  }

  private void write(SocketChannel to, BlockingQueue<Parcel> underWay, Semaphore room)
      throws IOException, InterruptedException {
    while (true) {
      Parcel parcel = underWay.take();
      awaitNanoTime(parcel.dueNanos());
      proxy.awaitForwarding();
      int count = parcel.bytes().remaining();
      if (count == 0) {
        to.shutdownOutput();
        // Each end may stop sending by itself; the connection is over when both have.
        if (openWays.decrementAndGet() == 0) {
          close();
        }
        return;
      }
      while (parcel.bytes().hasRemaining()) {
        to.write(parcel.bytes());
      }
      room.release(count);
    }
  }

  /** To the nanosecond as near as can be, where a sleep takes whole milliseconds. */
  private static void awaitNanoTime(long dueNanos) throws InterruptedException {
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
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

  private void stopped() {
    threads.forEach(Thread::interrupt);
    proxy.closed(this);
  }
}
