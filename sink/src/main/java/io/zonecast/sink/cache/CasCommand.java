package io.zonecast.sink.cache;

import io.zonecast.sink.cache.CasResult.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** One conditional write, answered by one line. */
final class CasCommand extends AwaitedCommand<CasResult> {
  private final NodeAddress node;
  private final String name;
  private final boolean givesCas;
  private String answer = "";
  private long newCas;

  private CasCommand(NodeAddress node, String name, byte[] request, boolean givesCas) {
    super(request, 1);
    this.node = node;
    this.name = name;
    this.givesCas = givesCas;
  }

  /** Stores the entry only if there is none: {@code ms <key> <length> ME c}. */
  static CasCommand add(NodeAddress node, String key, byte[] value) {
    return new CasCommand(node, "add " + key, set(key, value, "ME"), true);
  }

  /** Stores the entry only over the one with this CAS: {@code ms <key> <length> C<cas> c}. */
  static CasCommand replace(NodeAddress node, String key, long cas, byte[] value) {
    String condition = "C" + Long.toUnsignedString(cas);
    return new CasCommand(node, "replace " + key, set(key, value, condition), true);
  }

  /** Deletes the entry only if it has this CAS: {@code md <key> C<cas>}. */
  static CasCommand delete(NodeAddress node, String key, long cas) {
    String line = "md " + KeyCheck.require(key) + " C" + Long.toUnsignedString(cas) + "\r\n";
    return new CasCommand(node, "delete " + key, line.getBytes(StandardCharsets.UTF_8), false);
  }

  private static byte[] set(String key, byte[] value, String condition) {
    String line = "ms " + KeyCheck.require(key) + " " + value.length + " " + condition + " c\r\n";
    byte[] head = line.getBytes(StandardCharsets.UTF_8);
    ProtocolBytes bytes = new ProtocolBytes(head.length + value.length + 2);
    bytes.put(head).put(value).put("\r\n");
    return bytes.array();
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    String line = ReplyReader.line(buffer);
    if (line == null) {
      return false;
    }
    if (!QuietBatch.code(line, "HD")) {
      QuietBatch.requireRefusal(line);
    }
    QuietBatch.requireAllSent(this, line);
    if (givesCas && QuietBatch.code(line, "HD")) {
      if (!line.startsWith("HD c")) {
        throw ReplyReader.misfitLine(line, "HD c<cas>");
      }
      newCas = ReplyReader.unsigned(line.substring(4), line);
    }
    answer = line;
    return true;
  }

  @Override
  CasResult result() throws IOException {
    if (QuietBatch.code(answer, "HD")) {
      if (givesCas && newCas == 0) {
        throw new CasDisabledException(node);
      }
      return new CasResult.Done(newCas);
    }
    for (Refusal refusal : Refusal.values()) {
      if (QuietBatch.code(answer, refusal.name())) {
        return new CasResult.Refused(refusal);
      }
    }
    throw new ServerRefusedException(node, name, answer);
  }
}
