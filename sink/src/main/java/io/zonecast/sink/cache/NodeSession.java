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
 * XMemcached's session without the parts that break the checkpoint protocol. XMemcached's {@code
 * close} flushes queued commands for up to three seconds, which makes a late batch. Its decoder
 * blocks at an unexpected byte, its reads may hold the reactor for half a second, its optimizer
 * rewrites queued commands, and it reconnects by itself.
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

  /** XMemcached's version would write at once when the reactor calls it, under our lock. */
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

  /** The reactor asks about once a second, so that no timer is needed. */
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

  /** Keeps the cause for {@link #close()}, which follows; XMemcached would log its stack. */
  @Override
  public void onException(Throwable e) {
    failure = e;
  }

  /** XMemcached calls this at the end of the stream and when a read fails. */
  @Override
  public void close() {
    Throwable seen = failure;
    if (seen == null) {
      close(new EOFException("memcached %s closed the connection".formatted(node)));
    } else {
      close(node.failure("connection lost", seen));
    }
  }

  /** Closes now: commands that are still queued do not reach the socket. */
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
        // RST instead of FIN: the kernel drops what it has not sent yet.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      unregisterSession();
      unregisterChannel();
    } catch (IOException e) {
      failure = e;
    } finally {
      // The selector has to wake to free the descriptor; XMemcached's wake-up can be lost.
      if (getAttribute(SelectorManager.REACTOR_ATTRIBUTE) instanceof Reactor reactor) {
        reactor.getSelector().wakeup();
      }
    }
  }
}
