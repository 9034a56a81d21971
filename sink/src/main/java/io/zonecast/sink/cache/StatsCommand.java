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
      // These carry no payload, so that an error to them leaves the connection in step.
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
      int space = line.indexOf(' ', 5);
      if (space < 0) {
        values.put(line.substring(5), "");
      } else {
        values.put(line.substring(5, space), line.substring(space + 1));
      }
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
