package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * Queues the commands that the node has not answered yet, first in first out.
 *
 * <p>XMemcached has such a queue, but its decoder blocks the reactor for ever at an unexpected
 * byte. Here an unexpected byte breaks the connection.
 */
final class InFlight {
  private final ArrayDeque<NodeCommand> queue = new ArrayDeque<>();
  private int entries;
  private long bytes;
  private final Timing timing;
  private long lastAnswerNanos;
  private @Nullable IOException brokenBy;

  InFlight(Timing timing) {
    this.timing = timing;
    this.lastAnswerNanos = timing.nanoTime();
  }

  /**
   * Queues the command and hands it to {@code write} under the lock, so that the order here is the
   * order on the wire. On a broken connection it ends the command at once.
   */
  void submit(NodeCommand command, Consumer<NodeCommand> write) {
    IOException cause;
    synchronized (this) {
      cause = brokenBy;
      if (cause == null) {
        command.queuedAt(timing.nanoTime());
        queue.add(command);
        entries += command.entries();
        bytes += command.requestBytes();
        write.accept(command);
      }
    }
    if (cause != null) {
      command.broken(cause);
    }
  }

  /**
   * Lets the commands read their answers from {@code buffer}. Only the reactor calls this.
   *
   * @throws net.rubyeye.xmemcached.exception.MemcachedDecodeException at bytes that fit no command
   */
  void read(MemcachedTCPSession session, ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      NodeCommand head = headAnswering();
      if (head == null) {
        if (isBroken()) {
          return;
        }
        throw ReplyReader.misfit("%d bytes that nobody asked for".formatted(buffer.remaining()));
      }
      if (!head.decode(session, buffer) || !leave(head)) {
        return;
      }
      try {
        head.done();
      } finally {
        // After the listener: when nothing is in flight, every listener has been called.
        release(head);
      }
    }
  }

  private synchronized @Nullable NodeCommand headAnswering() {
    lastAnswerNanos = timing.nanoTime();
    return queue.peek();
  }

  /** Takes the command out; false if the connection broke meanwhile, which ended the command. */
  private synchronized boolean leave(NodeCommand head) {
    return queue.peek() == head && queue.remove() == head;
  }

  private synchronized void release(NodeCommand command) {
    entries -= command.entries();
    bytes -= command.requestBytes();
    notifyAll();
  }

  /** Ends every command in flight and each that comes later. Only the first cause counts. */
  void breakAll(IOException cause) {
    List<NodeCommand> lost;
    synchronized (this) {
      if (brokenBy != null) {
        return;
      }
      brokenBy = cause;
      lost = List.copyOf(queue);
      queue.clear();
    }
    for (NodeCommand command : lost) {
      try {
        command.broken(cause);
      } finally {
        release(command);
      }
    }
  }

  synchronized boolean isBroken() {
    return brokenBy != null;
  }

  synchronized int entries() {
    return entries;
  }

  /** How long commands have been in flight without a byte of an answer; 0 if none is in flight. */
  synchronized long silentNanos() {
    NodeCommand head = queue.peek();
    long now = timing.nanoTime();
    return head == null ? 0 : Math.min(now - head.queuedNanos(), now - lastAnswerNanos);
  }

  /** Waits until at most {@code maxEntries} are in flight; false if more are after the timeout. */
  synchronized boolean awaitAtMost(int maxEntries, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (entries > maxEntries) {
      long nanos = deadline - System.nanoTime();
      if (nanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    return true;
  }

  @Override
  public synchronized String toString() {
    return "%d commands of %d entries, %d bytes in flight".formatted(queue.size(), entries, bytes);
  }
}
