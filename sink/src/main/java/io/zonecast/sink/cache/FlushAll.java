package io.zonecast.sink.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** {@code flush_all}, answered by OK, or by an error where the node forbids it ({@code -F}). */
final class FlushAll extends AwaitedCommand<Boolean> {
  private final NodeAddress node;
  private String answer = "";

  FlushAll(NodeAddress node) {
    super(ProtocolBytes.ascii("flush_all\r\n"), 1);
    this.node = node;
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    String line = ReplyReader.line(buffer);
    if (line == null) {
      return false;
    }
    if (!(line.equals("OK") || line.startsWith("CLIENT_ERROR ") || line.equals("ERROR"))) {
      throw ReplyReader.misfitLine(line, "OK");
    }
    answer = line;
    return true;
  }

  @Override
  Boolean result() throws IOException {
    if (!answer.equals("OK")) {
      throw new ServerRefusedException(node, "flush_all", answer);
    }
    return true;
  }
}
