package io.zonecast.sink.cache;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import com.google.code.yanf4j.nio.impl.SelectorManager;
import io.zonecast.sink.timing.Timing;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.command.OperationStatus;
import net.rubyeye.xmemcached.exception.MemcachedDecodeException;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import net.rubyeye.xmemcached.impl.Optimizer;
import net.rubyeye.xmemcached.utils.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * XMemcached's session with what would hurt here taken out. Its own {@code close} first flushes
 * what is queued, for up to three seconds: that would be a late batch. Its decoder blocks at a byte
 * too many. Its reads may hold the reactor for half a second, its optimizer rewrites queued
 * commands, and it reconnects under its owner's feet.
 */
final class NodeSession extends MemcachedTCPSession implements NodeLink {
  private static final int READ_BUFFER_BYTES = 128 * 1024;

  private final NodeAddress node;
  private final Duration ackTimeout;
  private final WriteLease lease;
  private final Consumer<IOException> onClosed;
  private final InFlight inFlight = new InFlight(Timing.SYSTEM);
  private final String localAddress;
  private volatile @Nullable Throwable failure;

  NodeSession(
      NioSessionConfig config,
      CommandFactory commandFactory,
      NodeAddress node,
      String localAddress,
      Duration ackTimeout,
      WriteLease lease,
      Consumer<IOException> onClosed) {
    super(config, READ_BUFFER_BYTES, new Optimizer(Protocol.Text), 0, commandFactory);
    this.node = node;
    this.ackTimeout = ackTimeout;
    this.lease = lease;
    this.onClosed = onClosed;
    this.localAddress = localAddress;
    setAllowReconnect(false);
  }

  @Override
  public String localAddress() {
    return localAddress;
  }

  @Override
  public InFlight inFlight() {
    return inFlight;
  }

  @Override
  public boolean awaitAtMost(int entries, Duration timeout) throws InterruptedException {
    return inFlight.awaitAtMost(entries, timeout);
  }

  @Override
  public void submit(NodeCommand command) {
    inFlight.submit(command, this::write);
  }

  /** XMemcached's would write in place when called from the reactor, under our lock. */
  @Override
  public void writeFromUserCode(WriteMessage message) {
    writeQueue.add(message);
    selectorManager.registerSession(this, EventType.ENABLE_WRITE);
  }

  @Override
  protected WriteMessage preprocessWriteMessage(WriteMessage message) {
    ((NodeCommand) message).setStatus(OperationStatus.WRITING);
    return message;
  }

  @Override
  protected @Nullable Object writeToChannel(WriteMessage message) {
    try {
      lease.check();
      return super.writeToChannel(message);
    } catch (IOException e) {
      close(node.failure("connection lost", e));
      return null;
    }
  }

  @Override
  public void decode() {
    try {
      inFlight.read(this, readBuffer.buf());
    } catch (MemcachedDecodeException e) {
      close(new IOException("memcached %s: %s".formatted(node, e.getMessage()), e));
    }
  }

  @Override
  public void setUseBlockingRead(boolean ignored) {
    super.setUseBlockingRead(false);
  }

  /** Asked by the reactor about once a second, which is as good a place as a timer of our own. */
  @Override
  public boolean isIdle() {
    closeIfSilent();
    return false;
  }

  @Override
  public boolean closeIfSilent() {
    long silentNanos = inFlight.silentNanos();
    if (silentNanos < ackTimeout.toNanos()) {
      return false;
    }
    close(
        new SocketTimeoutException(
            "memcached %s has answered nothing for %d ms (limit %d ms), with %s"
                .formatted(node, silentNanos / 1_000_000, ackTimeout.toMillis(), inFlight)));
    return true;
  }

  /** Kept for {@link #close()}, which follows; XMemcached would log it with its stack. */
  @Override
  public void onException(Throwable e) {
    failure = e;
  }

  /** What XMemcached calls at the end of the stream and at failures to read. */
  @Override
  public void close() {
    Throwable seen = failure;
    if (seen == null) {
      close(new EOFException("memcached %s closed the connection".formatted(node)));
    } else {
      close(node.failure("connection lost", seen));
    }
  }

  /** Closes now: nothing that is still queued here reaches the socket any more. */
  @Override
  public void close(IOException cause) {
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      setClosed(true);
    }
    try {
      writeQueue.clear();
      closeSocket();
    } finally {
      onClosed();
      try {
        inFlight.breakAll(cause);
      } finally {
        onClosed.accept(cause);
      }
    }
  }

  private void closeSocket() {
    SocketChannel channel = (SocketChannel) selectableChannel;
    try {
      if (inFlight.entries() > 0) {
        // RST instead of FIN: what the kernel has not sent yet is dropped with it.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      unregisterSession();
      unregisterChannel();
    } catch (IOException e) {
      failure = e;
    } finally {
      // The descriptor goes when the selector lets go of it; XMemcached's own wake-up can be lost.
      if (getAttribute(SelectorManager.REACTOR_ATTRIBUTE) instanceof Reactor reactor) {
        reactor.getSelector().wakeup();
      }
    }
  }
}
