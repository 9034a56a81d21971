package io.zonecast.sink.cache;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.io.IOException;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;

/**
 * Bytes for a node, and the one that reads the answer to them. {@link #decode} is called as bytes
 * come in, and consumes its own answer and not a byte more; it throws XMemcached's {@link
 * net.rubyeye.xmemcached.exception.MemcachedDecodeException} at anything that does not fit, which
 * closes the connection.
 */
abstract class NodeCommand extends Command {
  private final int requestBytes;
  private final int entries;
  private long queuedNanos;

  /**
   * @param request an array whose first {@code requestBytes} go on the wire; not to be changed
   *     until the command is done or broken
   * @param entries what the command counts for in the window
   */
  NodeCommand(byte[] request, int requestBytes, int entries) {
    // Nothing of XMemcached's looks at the type but for a switch that must not meet null.
    super(CommandType.NOOP);
    this.requestBytes = requestBytes;
    this.entries = entries;
    setIoBuffer(IoBuffer.wrap(request, 0, requestBytes));
  }

  /** The whole answer is in, and the command has left the window's queue. */
  abstract void done();

  /** There will be no answer, or none that can be trusted: the connection is closed. */
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

  /** The bytes are there from the start. */
  @Override
  public final void encode() {}

  /** XMemcached's own prints the whole buffer. */
  @Override
  public String toString() {
    return "%s of %d entries, %d bytes"
        .formatted(getClass().getSimpleName(), entries, requestBytes);
  }
}
