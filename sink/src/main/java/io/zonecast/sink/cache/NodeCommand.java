package io.zonecast.sink.cache;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.io.IOException;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;

/**
 * A request to a node, and the reader of its answer. {@link #decode} is called as bytes come in and
 * consumes its own answer, not a byte more. At an answer that does not fit it throws XMemcached's
 * {@link net.rubyeye.xmemcached.exception.MemcachedDecodeException}, which closes the connection.
 */
abstract class NodeCommand extends Command {
  private final int requestBytes;
  private final int entries;
  private long queuedNanos;

  /**
   * @param request its first {@code requestBytes} go on the wire; do not change it until the
   *     command is done or broken
   * @param entries how many the command adds to those in flight
   */
  NodeCommand(byte[] request, int requestBytes, int entries) {
    // XMemcached uses the type only in a switch, which must not meet null.
    super(CommandType.NOOP);
    this.requestBytes = requestBytes;
    this.entries = entries;
    setIoBuffer(IoBuffer.wrap(request, 0, requestBytes));
  }

  /** Called when the whole answer is read and the command has left the queue. */
  abstract void done();

  /** Called when the connection is closed without a complete answer. */
  abstract void broken(IOException cause);

  final int requestBytes() {
    return requestBytes;
  }

  final int entries() {
    return entries;
  }

  final long queuedNanos() {
    return queuedNanos;
  }

  final void queuedAt(long nanos) {
    queuedNanos = nanos;
  }

  @Override
  public final void encode() {}

  /** XMemcached's version prints the whole buffer. */
  @Override
  public String toString() {
    return "%s of %d entries, %d bytes"
        .formatted(getClass().getSimpleName(), entries, requestBytes);
  }
}
