package io.zonecast.sink.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/** {@code stats}, or {@code stats <argument>}: lines of {@code STAT name value}, then END. */
final class StatsCommand extends AwaitedCommand<Map<String, String>> {
  private final NodeAddress node;
  private final String argument;
  private final Map<String, String> values = new LinkedHashMap<>();
  private @Nullable String refusal;

  StatsCommand(NodeAddress node, String argument) {
    super(
        ((argument.isEmpty() ? "stats" : "stats " + KeyCheck.require(argument)) + "\r\n")
            .getBytes(StandardCharsets.UTF_8),
        1);
    this.node = node;
    this.argument = argument;
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    for (String line = ReplyReader.line(buffer); line != null; line = ReplyReader.line(buffer)) {
      if (line.equals("END")) {
        return true;
      }
      // The command has no payload, so an error leaves request and answers in step.
      if (values.isEmpty()
          && (line.equals("ERROR")
              || line.startsWith("CLIENT_ERROR ")
              || line.startsWith("SERVER_ERROR "))) {
        refusal = line;
        return true;
      }
      if (!line.startsWith("STAT ")) {
        throw ReplyReader.misfitLine(line, "STAT or END");
      }
      String[] words = line.split(" ", 3);
      values.put(words[1], words.length > 2 ? words[2] : "");
    }
    return false;
  }

  @Override
  Map<String, String> result() throws IOException {
    if (refusal != null) {
      throw new ServerRefusedException(node, ("stats " + argument).strip(), refusal);
    }
    return Collections.unmodifiableMap(values);
  }
}
