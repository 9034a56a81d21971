package io.zonecast.sink.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.rubyeye.xmemcached.command.OperationStatus;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/** Sends a batch as quiet commands: the node answers only refusals, then {@code MN}. */
final class QuietBatch extends NodeCommand {
  /** Enough to see the fault; {@link LoudBatch} names each entry. */
  private static final int LINES_KEPT = 10;

  private final EntryBatch batch;
  private final SetManyListener listener;
  private @Nullable List<String> refusals;
  private int failures;
  private int notFound;

  QuietBatch(EntryBatch batch, SetManyListener listener) {
    super(batch.quiet(), batch.bytes(), batch.count());
    this.batch = batch;
    this.listener = listener;
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    for (String line = ReplyReader.line(buffer); line != null; line = ReplyReader.line(buffer)) {
      if (line.equals("MN")) {
        requireAllSent(this, line);
        return true;
      }
      refused(line);
    }
    return false;
  }

  private void refused(String line) {
    requireRefusal(line);
    if (line.startsWith("NF")) {
      if (++notFound > batch.deletes()) {
        throw ReplyReader.misfitLine(line, "no more of these than there were deletes,");
      }
      return; // a delete of what is not there
    }
    if (++failures > batch.count()) {
      throw ReplyReader.misfitLine(line, "MN, after as many refusals as there were entries,");
    }
    if (refusals == null) {
      refusals = new ArrayList<>();
    }
    if (refusals.size() < LINES_KEPT) {
      refusals.add(line);
    }
  }

  /**
   * Accepts only an answer to one entry. {@code ERROR} and {@code CLIENT_ERROR} mean that the node
   * misread our bytes, perhaps values as commands.
   */
  static void requireRefusal(String line) {
    if (!(line.startsWith("SERVER_ERROR ")
        || code(line, "NS")
        || code(line, "EX")
        || code(line, "NF"))) {
      throw ReplyReader.misfitLine(line, "an answer to a set or a delete");
    }
  }

  static boolean code(String line, String code) {
    return line.startsWith(code) && (line.length() == 2 || line.charAt(2) == ' ');
  }

  /** An answer that ends before the whole request has left belongs to something else. */
  static void requireAllSent(NodeCommand command, String line) {
    if (command.getStatus() != OperationStatus.SENT) {
      throw ReplyReader.misfitLine(line, "nothing yet, the request being still on its way,");
    }
  }

  @Override
  void done() {
    batch.comeHome();
    listener.onResult(
        batch,
        refusals == null
            ? new SetManyResult.Stored(batch.count())
            : new SetManyResult.PartlyFailed(failures, refusals));
  }

  @Override
  void broken(IOException cause) {
    batch.comeHome();
    listener.onResult(batch, new SetManyResult.Broken(cause));
  }
}
