package io.zonecast.sink.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** {@code mg <key> v c} for each key, all in one round trip. */
final class ReadEntries extends AwaitedCommand<List<VersionedEntry>> {
  private final NodeAddress node;
  private final List<String> keys;
  private final List<VersionedEntry> entries = new ArrayList<>();
  private final ReplyReader reader = new ReplyReader();
  private boolean inValue;
  private long cas;

  ReadEntries(NodeAddress node, List<String> keys) {
    super(encode(keys), keys.size());
    this.node = node;
    this.keys = List.copyOf(keys);
  }

  private static byte[] encode(List<String> keys) {
    StringBuilder request = new StringBuilder();
    for (String key : keys) {
      request.append("mg ").append(KeyCheck.require(key)).append(" v c\r\n");
    }
    return request.append("mn\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    while (true) {
      if (inValue) {
        if (!reader.value(buffer)) {
          return false;
        }
        inValue = false;
        entries.add(new VersionedEntry.Present(keys.get(entries.size()), reader.text(), cas));
      }
      String line = ReplyReader.line(buffer);
      if (line == null) {
        return false;
      }
      boolean allRead = entries.size() == keys.size();
      if (allRead && line.equals("MN")) {
        QuietBatch.requireAllSent(this, line);
        return true;
      }
      if (allRead) {
        throw ReplyReader.misfitLine(line, "MN");
      }
      if (line.equals("EN")) {
        entries.add(new VersionedEntry.Absent(keys.get(entries.size())));
      } else if (line.startsWith("VA ")) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("c")) {
          throw ReplyReader.misfitLine(line, "VA <length> c<cas>");
        }
        cas = ReplyReader.unsigned(words[2].substring(1), line);
        reader.beginValue(ReplyReader.unsigned(words[1], line));
        inValue = true;
      } else {
        throw ReplyReader.misfitLine(line, "VA or EN");
      }
    }
  }

  @Override
  List<VersionedEntry> result() throws CasDisabledException {
    for (VersionedEntry entry : entries) {
      if (entry instanceof VersionedEntry.Present present && present.cas() == 0) {
        throw new CasDisabledException(node);
      }
    }
    return List.copyOf(entries);
  }
}
