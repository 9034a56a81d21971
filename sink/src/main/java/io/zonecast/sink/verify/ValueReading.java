package io.zonecast.sink.verify;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.fill.Fold;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/**
 * Compares entries of a fold with those of a node, several batches at a time, and notes the
 * suspects as they are answered. Visits the fold's entries; tombstones are passed over.
 *
 * <p>Where the node is lost, the caller gets an {@link UncheckedIOException}: folds are walked by
 * visitors that throw nothing else.
 */
final class ValueReading implements Fold.Visitor {
  private static final int MOST_BATCHES = 8;

  private final NodeConnection connection;
  private final String keyPrefix;
  private final long clientFlags;
  private final KeyList suspects;
  private final LongConsumer answered;
  private final Deque<ValueBatch> underWay = new ArrayDeque<>();
  private ValueBatch batch;

  /**
   * @param suspects what is absent or different is added here
   * @param answered told the number of entries compared, as they are
   */
  ValueReading(
      NodeConnection connection,
      String keyPrefix,
      long clientFlags,
      KeyList suspects,
      LongConsumer answered) {
    this.connection = connection;
    this.keyPrefix = keyPrefix;
    this.clientFlags = clientFlags;
    this.suspects = suspects;
    this.answered = answered;
    this.batch = new ValueBatch(keyPrefix, clientFlags);
  }

  @Override
  public boolean visit(
      long offset, byte[] bytes, int keyAt, int keyLength, int valueAt, int valueLength) {
    if (valueLength >= 0) {
      batch.add(bytes, keyAt, keyLength, valueAt, valueLength);
      if (batch.isFull()) {
        send();
      }
    }
    return true;
  }

  private void send() {
    batch.send(connection);
    underWay.add(batch);
    while (underWay.size() >= MOST_BATCHES) {
      take();
    }
    batch = new ValueBatch(keyPrefix, clientFlags);
  }

  private void take() {
    ValueBatch first = underWay.remove();
    first.takeSuspects(suspects);
    answered.accept(first.count());
  }

  /** Waits for all answers. */
  void finish() {
    send();
    while (!underWay.isEmpty()) {
      take();
    }
  }
}
