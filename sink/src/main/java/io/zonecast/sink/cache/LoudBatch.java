package io.zonecast.sink.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** Sends a batch so that the node answers every entry, and each refusal has its index. */
final class LoudBatch extends AwaitedCommand<List<EntryFailure>> {
  private final EntryBatch batch;
  private final List<EntryFailure> failures = new ArrayList<>();
  private int answered;

  LoudBatch(EntryBatch batch) {
    super(batch.loud(), batch.count());
    this.batch = batch;
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    for (String line = ReplyReader.line(buffer); line != null; line = ReplyReader.line(buffer)) {
      if (line.equals("MN")) {
        if (answered < batch.count()) {
          throw ReplyReader.misfitLine(line, "an answer to entry " + answered);
        }
        QuietBatch.requireAllSent(this, line);
        return true;
      }
      if (answered == batch.count()) {
        throw ReplyReader.misfitLine(line, "MN");
      }
      answer(line);
      answered++;
    }
    return false;
  }

  private void answer(String line) {
    if (QuietBatch.code(line, "HD")) {
      return;
    }
    QuietBatch.requireRefusal(line);
    if (!(batch.isDelete(answered) && QuietBatch.code(line, "NF"))) {
      failures.add(new EntryFailure(answered, batch.key(answered), line));
    }
  }

  @Override
  List<EntryFailure> result() {
    return List.copyOf(failures);
  }
}
