package io.zonecast.sink.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** Sends a {@link MultiGetKeys} and reads the hits; the answer is their number. */
final class MultiGet extends AwaitedCommand<Integer> {
  private final int count;
  private final MultiGetKeys.Visitor visitor;
  private final ReplyReader reader = new ReplyReader();
  private boolean inValue;
  private long flags;
  private long cas;
  private int index = -1;
  private int hits;

  MultiGet(MultiGetKeys keys, MultiGetKeys.Visitor visitor) {
    super(keys.request(), keys.count());
    this.count = keys.count();
    this.visitor = visitor;
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    while (true) {
      if (inValue) {
        if (!reader.value(buffer)) {
          return false;
        }
        inValue = false;
        hits++;
        visitor.onHit(index, flags, cas, reader.valueArray(), reader.valueLength());
      }
      int end = ReplyReader.lineEnd(buffer);
      if (end < 0) {
        return false;
      }
      byte[] bytes = buffer.array();
      int start = buffer.arrayOffset() + buffer.position();
      int stop = buffer.arrayOffset() + end;
      buffer.position(end + 2);
      if (stop - start == 2 && bytes[start] == 'M' && bytes[start + 1] == 'N') {
        QuietBatch.requireAllSent(this, "MN");
        return true;
      }
      hit(bytes, start, stop);
    }
  }

  /** Reads {@code VA <length> f<flags> c<cas> O<index>} without a String: there are millions. */
  private void hit(byte[] bytes, int start, int stop) {
    if (stop - start < 4 || bytes[start] != 'V' || bytes[start + 1] != 'A') {
      throw misfit(bytes, start, stop);
    }
    long length = -1;
    long newFlags = -1;
    long newCas = 0;
    long newIndex = -1;
    int at = start + 2;
    while (at < stop) {
      at++; // the space
      byte mark = at < stop ? bytes[at] : 0;
      boolean marked = mark < '0' || mark > '9';
      int digits = marked ? at + 1 : at;
      long number = 0;
      int i = digits;
      while (i < stop && bytes[i] >= '0' && bytes[i] <= '9') {
        number = number * 10 + (bytes[i++] - '0');
      }
      if (i == digits || (i < stop && bytes[i] != ' ')) {
        throw misfit(bytes, start, stop);
      }
      switch (marked ? mark : 'v') {
        case 'v' -> length = number;
        case 'f' -> newFlags = number;
        case 'c' -> newCas = number;
        case 'O' -> newIndex = number;
        default -> throw misfit(bytes, start, stop);
      }
      at = i;
    }
    // Hits come in the order of the keys: an index that does not grow is another command's.
    if (length < 0 || newFlags < 0 || newIndex <= index || newIndex >= count) {
      throw misfit(bytes, start, stop);
    }
    index = (int) newIndex;
    flags = newFlags;
    cas = newCas;
    reader.beginValue(length);
    inValue = true;
  }

  private static RuntimeException misfit(byte[] bytes, int start, int stop) {
    return ReplyReader.misfitLine(
        new String(bytes, start, stop - start, StandardCharsets.UTF_8),
        "VA <length> f<flags> c<cas> O<index>");
  }

  @Override
  Integer result() {
    return hits;
  }
}
