package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.zonecast.sink.timing.Scheduler;
import io.zonecast.sink.timing.SimProcess;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.command.OperationStatus;
import net.rubyeye.xmemcached.exception.MemcachedDecodeException;

/**
 * A simulated connection, in the place of {@link NodeSession}. Requests wait in the process until
 * its reactor writes them (and checks the lease), then on their way until the node reads them, a
 * few commands at a time; replies come back in pieces. After a close, what is on its way may still
 * be applied: all of it after FIN, some of it after RST.
 */
public final class SimLink implements NodeLink {
  private static final Duration SOONEST = Duration.ofNanos(20_000);
  private static final Duration LATEST = Duration.ofNanos(400_000);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration RESENT_WITHIN = Duration.ofMillis(800);
  private static final int MOST_COMMANDS_AT_ONCE = 6;

  private final SimProcess process;
  private final Scheduler scheduler;
  private final SimNode node;
  private final SimMemcached.Session session;
  private final Duration ackTimeout;
  private final WriteLease lease;
  private final Consumer<IOException> onClosed;
  private final InFlight inFlight;
  private final long openedNanos;
  private final Queue<NodeCommand> unwritten = new ArrayDeque<>();
  private final StringBuilder replies = new StringBuilder();
  private final ByteBuffer received = ByteBuffer.allocate(1 << 16);
  private boolean writing;
  private boolean applying;
  private boolean reading;
  private boolean closed;
  private long heldUntilNanos;
  private int resending;

  SimLink(
      SimProcess process,
      SimNode node,
      SimMemcached.Session session,
      Duration ackTimeout,
      WriteLease lease,
      Consumer<IOException> onClosed) {
    this.process = process;
    this.scheduler = process.scheduler();
    this.node = node;
    this.session = session;
    this.ackTimeout = ackTimeout;
    this.lease = lease;
    this.onClosed = onClosed;
    this.inFlight = new InFlight(process);
    this.openedNanos = process.nanoTime();
    session.resendBy(this::resend);
    lookLater();
  }

  public SimNode node() {
    return node;
  }

  public SimMemcached.Session session() {
    return session;
  }

  /** Keeps what is on its way from the node for a time; also after a close. */
  public void holdFor(Duration time) {
    heldUntilNanos = scheduler.nowNanos() + time.toNanos();
  }

  /** Whether bytes are on their way to the node. */
  public boolean hasBytesUnderWay() {
    return session.pending() > 0;
  }

  /** Breaks it as the network or the node does. */
  public void cut() {
    close(new EOFException("memcached %s closed the connection".formatted(node.address())));
  }

  /** The node's process has ended: this end learns of it a moment later. */
  public void cutSoon() {
    if (node.server().heals()) {
      return;
    }
    scheduler.after(soon(), process, this::cut);
  }

  /** Its process is gone, and nobody is told. */
  void abandon() {
    closed = true;
    unwritten.clear();
    leave();
  }

  @Override
  public String localAddress() {
    return session.peer();
  }

  @Override
  public void submit(NodeCommand command) {
    inFlight.submit(command, this::write);
  }

  private void write(NodeCommand command) {
    unwritten.add(command);
    if (!writing) {
      writing = true;
      scheduler.after(soon(), process, this::writeNow);
    }
  }

  private void writeNow() {
    writing = false;
    if (closed) {
      return;
    }
    try {
      lease.check();
    } catch (IOException e) {
      close(node.address().failure("connection lost", e));
      return;
    }
    session.written(process.longestSleepSince(openedNanos));
    for (NodeCommand command = unwritten.poll(); command != null; command = unwritten.poll()) {
      command.setStatus(OperationStatus.SENT);
      session.receive(command.getIoBuffer().array(), command.requestBytes());
    }
    applySoon();
  }

  private void applySoon() {
    if (!applying) {
      applying = true;
      long now = scheduler.nowNanos();
      long heldFor = Math.max(heldUntilNanos, node.stoppedUntilNanos()) - now;
      scheduler.after(Math.max(soon(), heldFor), null, this::apply);
    }
  }

  private void apply() {
    applying = false;
    if (session.isClosed()) {
      return;
    }
    if (Math.max(heldUntilNanos, node.stoppedUntilNanos()) > scheduler.nowNanos()) {
      applySoon();
      return;
    }
    int most = 1 + scheduler.random().nextInt(MOST_COMMANDS_AT_ONCE);
    String reply = "";
    for (int i = 0; i < most && reply != null; i++) {
      reply = session.applyNext();
      if (reply != null) {
        replies.append(reply);
      }
    }
    if (reply != null) {
      applySoon();
    } else if (closed) {
      session.close();
    }
    readSoon();
  }

  private void readSoon() {
    if (!closed && !replies.isEmpty() && !reading && resending == 0) {
      reading = true;
      scheduler.after(soon(), process, this::read);
    }
  }

  /** Sends one command again; until it is applied no other is answered. */
  private void resend(byte[] command) {
    resending++;
    scheduler.after(
        scheduler.between(Duration.ZERO, RESENT_WITHIN),
        process,
        () -> {
          resending--;
          if (!closed) {
            session.receive(command, command.length);
            applySoon();
          }
        });
  }

  @SuppressWarnings("NullAway") // No command of ours looks at its session.
  private void read() {
    reading = false;
    if (closed) {
      return;
    }
    int length = replies.length();
    if (scheduler.random().nextInt(4) == 0) {
      length = 1 + scheduler.random().nextInt(length);
      reading = length < replies.length();
    }
    received.put(replies.substring(0, length).getBytes(ISO_8859_1));
    replies.delete(0, length);
    received.flip();
    try {
      inFlight.read(null, received);
    } catch (MemcachedDecodeException e) {
      close(new IOException("memcached %s: %s".formatted(node.address(), e.getMessage()), e));
    }
    received.compact();
    if (reading) {
      scheduler.after(soon(), process, this::read);
    }
  }

  private long soon() {
    return scheduler.between(SOONEST, LATEST);
  }

  @Override
  public InFlight inFlight() {
    return inFlight;
  }

  @Override
  public boolean awaitAtMost(int entries, Duration timeout) throws InterruptedException {
    return inFlight.entries() <= entries
        || process.await(() -> inFlight.entries() <= entries, timeout);
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close(IOException cause) {
    if (closed) {
      return;
    }
    closed = true;
    unwritten.clear();
    leave();
    inFlight.breakAll(cause);
    onClosed.accept(cause);
  }

  /** What the node has not read yet is lost in part, if the connection was reset. */
  private void leave() {
    boolean reset = inFlight.entries() > 0;
    if (reset && scheduler.random().nextBoolean()) {
      session.lose(scheduler.random().nextInt(session.pending() + 1));
    }
    applySoon();
  }

  private void lookLater() {
    scheduler.after(
        LOOK_EVERY.toNanos(),
        process,
        () -> {
          if (!closed && !closeIfSilent()) {
            lookLater();
          }
        });
  }

  @Override
  public boolean closeIfSilent() {
    long silentNanos = inFlight.silentNanos();
    if (silentNanos < ackTimeout.toNanos()) {
      return false;
    }
    close(
        new SocketTimeoutException("memcached %s has answered nothing".formatted(node.address())));
    return true;
  }

  @Override
  public String toString() {
    return session.peer() + " to " + node;
  }
}
