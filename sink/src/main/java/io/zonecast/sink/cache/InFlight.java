package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * The commands that a connection has taken and the node has not yet answered, first in first out.
 *
 * <p>XMemcached keeps such a queue of its own, but its decoder blocks the reactor for ever when a
 * byte comes in that nobody asked for. This one calls that a broken connection.
 */
final class InFlight {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
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
   * order on the wire. A command for a broken connection is told so at once.
   */
  void submit(NodeCommand command, Consumer<NodeCommand> write) {
    IOException cause;
    lock.lock();
    try {
      cause = brokenBy;
      if (cause == null) {
        command.queuedAt(timing.nanoTime());
        queue.add(command);
        entries += command.entries();
        bytes += command.requestBytes();
        write.accept(command);
      }
    } finally {
      lock.unlock();
    }
    if (cause != null) {
      command.broken(cause);
    }
  }

  /**
   * Lets the commands read their answers from {@code buffer}, as far as it goes. Called by the
   * reactor alone.
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
      if (!head.decode(session, buffer)) {
        return;
      }
      if (!leave(head)) {
        return;
      }
      try {
        head.done();
      } finally {
        // After the listener: who sees room, or nothing in flight, knows that all were told.
        release(head);
      }
    }
  }

  private @Nullable NodeCommand headAnswering() {
    lock.lock();
    try {
      lastAnswerNanos = timing.nanoTime();
      return queue.peek();
    } finally {
      lock.unlock();
    }
  }

  /** False if the connection broke meanwhile, and the command has been told that. */
  private boolean leave(NodeCommand head) {
    lock.lock();
    try {
      if (queue.peek() != head) {
        return false;
      }
      queue.remove();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void release(NodeCommand command) {
    lock.lock();
    try {
      entries -= command.entries();
      bytes -= command.requestBytes();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what comes from now on, and tells every command in flight. Only the first counts. */
  void breakAll(IOException cause) {
    List<NodeCommand> lost;
    lock.lock();
    try {
      if (brokenBy != null) {
        return;
      }
      brokenBy = cause;
      lost = new ArrayList<>(queue);
      queue.clear();
    } finally {
      lock.unlock();
    }
    for (NodeCommand command : lost) {
      try {
        command.broken(cause);
      } finally {
        release(command);
      }
    }
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isBroken() {
    lock.lock();
    try {
      return brokenBy != null;
    } finally {
      lock.unlock();
    }
  }

  int entries() {
    lock.lock();
    try {
      return entries;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** How long the oldest command has been waiting for its answer; 0 if none is. */
  long oldestNanos() {
    lock.lock();
    try {
      NodeCommand head = queue.peek();
      return head == null ? 0 : timing.nanoTime() - head.queuedNanos();
    } finally {
      lock.unlock();
    }
  }

  /** How long commands have been in flight without a byte of an answer; 0 if none is. */
  long silentNanos() {
    lock.lock();
    try {
      NodeCommand head = queue.peek();
      if (head == null) {
        return 0;
      }
      long now = timing.nanoTime();
      return Math.min(now - head.queuedNanos(), now - lastAnswerNanos);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until at most {@code maxEntries} are in flight; false if they still are not in time. */
  boolean awaitAtMost(int maxEntries, Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lock();
    try {
      while (entries > maxEntries) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "%d commands of %d entries, %d bytes in flight"
          .formatted(queue.size(), entries, bytes);
    } finally {
      lock.unlock();
    }
  }
}
