package io.zonecast.sink.fill;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.MemoryNeed;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.SetManyListener;
import io.zonecast.sink.cache.SetManyResult;
import io.zonecast.sink.replay.Fold;
import io.zonecast.sink.replay.FoldPart;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends one node's share of one part, a batch at a time, and waits for answers only if the window
 * is full. Tombstones of a fill become deletes here, in the order of the fold, which has each key
 * once. The keeper's thread sends; answers come on the connection's thread.
 */
public final class PartSender {
  /** Sets and deletes in one batch; the window, not the batch, hides the network. */
  public static final int BATCH_ENTRIES = 5_000;

  private final NodeConnection connection;
  private final FoldPart part;
  private final Fold.Cursor cursor;
  private final BatchPool spares;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Queue<EntryBatch> refused = new ConcurrentLinkedQueue<>();
  private final SetManyListener answers = this::answered;
  private final @Nullable MemoryNeed need;
  private boolean sentAll;
  private long entries;

  /**
   * @param need adds up the memory of what is sent; null if it is not needed
   */
  PartSender(
      FilledNode node,
      FoldPart part,
      long fromOffset,
      BatchPool spares,
      @Nullable MemoryNeed need) {
    this.connection = node.connection();
    this.part = part;
    this.cursor = part.fold().new Cursor(node.index(), fromOffset);
    this.spares = spares;
    this.need = need;
  }

  public FoldPart part() {
    return part;
  }

  /** Sends one more batch; false once there are no more. */
  public boolean sendBatch() {
    EntryBatch batch = spares.take();
    boolean more =
        cursor.advance(
            BATCH_ENTRIES,
            (offset, bytes, keyAt, keyLength, valueAt, valueLength) -> {
              if (valueLength < 0) {
                batch.delete(bytes, keyAt, keyLength);
              } else {
                batch.set(bytes, keyAt, keyLength, bytes, valueAt, valueLength);
                if (need != null) {
                  need.add(keyLength, valueLength);
                }
              }
            });
    if (batch.isEmpty()) {
      spares.giveBack(batch);
    } else {
      entries += batch.count();
      send(batch);
    }
    sentAll = !more;
    return more;
  }

  /** Sends a foreign batch, such as a sweep's, and awaits it with the rest. */
  void send(EntryBatch batch) {
    unanswered.incrementAndGet();
    connection.send(batch, answers);
  }

  /** Whether every batch has been sent and answered. */
  public boolean isAnswered() {
    return sentAll && unanswered.get() == 0;
  }

  public boolean isSent() {
    return sentAll;
  }

  /** A batch of which something was refused, to be sent again and blamed; null if there is none. */
  @Nullable EntryBatch nextRefused() {
    return refused.poll();
  }

  /** The sets and deletes sent. */
  long entries() {
    return entries;
  }

  /** How much of the part the node has acknowledged, from 0 to 1, to within a batch. */
  double fractionAnswered() {
    long answered = Math.max(0, entries - (long) unanswered.get() * BATCH_ENTRIES);
    return entries == 0 ? cursor.fractionDone() : cursor.fractionDone() * answered / entries;
  }

  private void answered(EntryBatch batch, SetManyResult result) {
    if (result instanceof SetManyResult.PartlyFailed) {
      refused.add(batch);
    } else if (result instanceof SetManyResult.Stored) {
      spares.giveBack(batch);
    }
    unanswered.decrementAndGet();
  }
}
