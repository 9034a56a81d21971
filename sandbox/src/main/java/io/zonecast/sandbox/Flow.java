package io.zonecast.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * One direction of a {@link Link}: a thread that takes bytes in and stamps them with the time at
 * which they are to arrive, and one that hands them on then. Because reading never waits for that
 * time, the delay costs no bandwidth.
 */
final class Flow {
  static final int MAX_BYTES_UNDER_WAY = 64 << 20;
  private static final int READ_BYTES = 256 << 10;

  /** Bytes under way; none where the sender has ended its side. */
  private record Parcel(ByteBuffer bytes, long dueNanos) {}

  private final SocketChannel from;
  private final SocketChannel to;
  private final LinkConditions conditions;
  private final OutputStream record;
  private final Runnable whenEnded;
  private final Runnable whenBroken;
  private final BlockingQueue<Parcel> underWay = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(MAX_BYTES_UNDER_WAY);
  private final Thread reader;
  private final Thread writer;

  Flow(
      SocketChannel from,
      SocketChannel to,
      LinkConditions conditions,
      OutputStream record,
      Runnable whenEnded,
      Runnable whenBroken) {
    this.from = from;
    this.to = to;
    this.conditions = conditions;
    this.record = record;
    this.whenEnded = whenEnded;
    this.whenBroken = whenBroken;
    this.reader = Link.daemon("link-reader", () -> guarded(this::read));
    this.writer = Link.daemon("link-writer", () -> guarded(this::write));
  }

  void start() {
    reader.start();
    writer.start();
  }

  /** Ends both threads; the sockets are closed already. */
  void stop() {
    reader.interrupt();
    writer.interrupt();
  }

  private interface Loop {
    void run() throws IOException, InterruptedException;
  }

  private void guarded(Loop loop) {
    try {
      loop.run();
    } catch (IOException broken) {
      whenBroken.run();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    while (true) {
      conditions.awaitForwarding();
      int count = from.read(buffer.clear());
      long dueNanos = System.nanoTime() + conditions.oneWayNanos();
      if (count < 0) {
        underWay.put(new Parcel(ByteBuffer.allocate(0), dueNanos));
        return;
      }
      // Copied to their own length: a thousand small answers must not hold a thousand large
      // buffers.
      ByteBuffer bytes = ByteBuffer.allocate(count);
      bytes.put(buffer.flip()).flip();
      record.write(bytes.array(), 0, count);
      room.acquire(count);
      underWay.put(new Parcel(bytes, dueNanos));
    }
  }

  private void write() throws IOException, InterruptedException {
    while (true) {
      Parcel parcel = underWay.take();
      awaitNanoTime(parcel.dueNanos());
      conditions.awaitForwarding();
      int count = parcel.bytes().remaining();
      if (count == 0) {
        to.shutdownOutput();
        whenEnded.run();
        return;
      }
      while (parcel.bytes().hasRemaining()) {
        to.write(parcel.bytes());
      }
      room.release(count);
    }
  }

  private static void awaitNanoTime(long dueNanos) throws InterruptedException {
    long left = dueNanos - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      left = dueNanos - System.nanoTime();
    }
  }
}
