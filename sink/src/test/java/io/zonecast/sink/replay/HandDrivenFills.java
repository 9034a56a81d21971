package io.zonecast.sink.replay;

import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the requests of fills when a test says so, from a log of the test's making. */
public final class HandDrivenFills implements FillSource {
  private static final int NODE = 0;

  private final List<Entry> log;
  private final Deque<FillTarget> requests = new ArrayDeque<>();
  private Runnable whenAsked = () -> {};
  private int asked;

  /** A record of the log; its offset is its place. */
  public record Entry(String key, @Nullable String value, long timestampMillis) {}

  public HandDrivenFills(List<Entry> log) {
    this.log = log;
  }

  /** Lets something happen between a request and its answer. */
  public void whenAsked(Runnable action) {
    whenAsked = action;
  }

  /** How many requests there have been. */
  public int asked() {
    return asked;
  }

  public boolean isAsked() {
    return !requests.isEmpty();
  }

  /** Where the request that waits begins. */
  public long fromOffset() {
    return requests.getFirst().fromOffset();
  }

  @Override
  public void request(Collection<? extends FillTarget> targets) {
    for (FillTarget target : targets) {
      requests.add(target);
      asked++;
      whenAsked.run();
    }
  }

  /** Answers the oldest request in one part, to the log's end as it is now. */
  public void answer() {
    FillTarget target = requests.remove();
    if (target.followed().nextOffset() > log.size()) {
      target.ofAnotherLog(log.size());
    } else {
      target.deliver(part(target, 0, log.size(), true));
    }
  }

  /** Answers the oldest request up to a record that cannot be read yet, as {@link Replay} would. */
  public void answerUpTo(WaitNote at) {
    FillTarget target = requests.remove();
    if (target.fromOffset() == at.offset()
        || target.followed().nextOffset() > at.offset()
        || target.isWholeOrNothing()) {
      target.waits(at);
    } else {
      target.deliver(part(target, 0, (int) at.offset(), true, at));
    }
  }

  /** Answers the oldest request with a failure. */
  public void fail(RuntimeException cause) {
    requests.remove().failed(cause);
  }

  /**
   * Answers the oldest request with all but the last {@code rest} records, and says: more comes.
   */
  public FillTarget answerAllBut(int rest) {
    FillTarget target = requests.remove();
    target.deliver(part(target, 0, log.size() - rest, false));
    return target;
  }

  /** The rest of the answer. */
  public void answerRest(FillTarget target, int rest) {
    target.deliver(part(target, log.size() - rest, log.size(), true));
  }

  private FoldPart part(FillTarget target, int from, int end, boolean last) {
    return part(target, from, end, last, null);
  }

  private FoldPart part(FillTarget target, int from, int end, boolean last, @Nullable WaitNote at) {
    var fold = new Fold(8 << 20, 0);
    long time = 0;
    for (int offset = Math.max(from, (int) target.fromOffset()); offset < end; offset++) {
      Entry entry = log.get(offset);
      byte[] key = entry.key.getBytes(StandardCharsets.UTF_8);
      byte[] value =
          entry.value == null ? new byte[0] : entry.value.getBytes(StandardCharsets.UTF_8);
      int length = entry.value == null ? -1 : value.length;
      fold.put(offset, NODE, key, 0, key.length, value, 0, length);
      time = entry.timestampMillis;
    }
    long endOffset = at == null ? log.size() : at.offset();
    return new FoldPart(
        fold,
        new PartitionPosition(endOffset, time, PartitionPosition.NO_EPOCH),
        last,
        at,
        () -> {});
  }
}
