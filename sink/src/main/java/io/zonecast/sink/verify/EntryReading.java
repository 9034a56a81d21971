package io.zonecast.sink.verify;

import io.zonecast.sink.cache.KeyCheck;
import io.zonecast.sink.cache.MultiGetKeys;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.replay.Fold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of a node, several batches at a time, and notes those that differ from the table.
 * If the node is lost, it throws an {@link UncheckedIOException}, since a fold's visitors throw no
 * checked exception.
 */
final class EntryReading {
  /** Stands for the CAS of an entry that is not there. */
  static final long ABSENT = -1;

  private static final long RIGHT = -2;
  private static final int MOST_KEYS = 5_000;
  private static final int MOST_BATCHES = 8;

  private final NodeConnection connection;
  private final VerifyTarget target;
  private final int nodeIndex;
  private final TopicTable table;
  private final KeyList suspects;
  private final LongConsumer answered;
  private final Deque<Batch> underWay = new ArrayDeque<>();
  private Batch batch;

  /**
   * @param nodeIndex the node's place in the pool
   * @param suspects what is not right is added here, each with its CAS or {@link #ABSENT}
   * @param answered told the number of entries read, as they are
   */
  EntryReading(
      NodeConnection connection,
      VerifyTarget target,
      int nodeIndex,
      TopicTable table,
      KeyList suspects,
      LongConsumer answered) {
    this.connection = connection;
    this.target = target;
    this.nodeIndex = nodeIndex;
    this.table = table;
    this.suspects = suspects;
    this.answered = answered;
    this.batch = new Batch();
  }

  void add(byte[] key, int at, int length, int partition) {
    require(batch.request.add(key, at, length));
    batch.keys.add(key, at, length, partition);
    if (batch.keys.size() == MOST_KEYS) {
      send();
    }
  }

  /** Waits for all answers. */
  void finish() {
    send();
    while (!underWay.isEmpty()) {
      underWay.remove().take();
    }
  }

  private void send() {
    batch.answer = connection.getMany(batch.request, batch::hit);
    underWay.add(batch);
    batch = new Batch();
    while (underWay.size() >= MOST_BATCHES) {
      underWay.remove().take();
    }
  }

  static void require(KeyCheck check) {
    if (check != KeyCheck.FITS) {
      throw new IllegalStateException("a zone key that " + check.reason());
    }
  }

  private static UncheckedIOException lost(@Nullable String why, Exception e) {
    return new UncheckedIOException(why, new IOException(why, e));
  }

  /** Keys, each with its partition, and what was seen of their entries. */
  private final class Batch {
    private final MultiGetKeys request = new MultiGetKeys(target.writtenWith().keyPrefix());
    private final KeyList keys = new KeyList();
    private final long[] seen = new long[MOST_KEYS];
    private CompletableFuture<Integer> answer = CompletableFuture.completedFuture(0);

    Batch() {
      Arrays.fill(seen, ABSENT);
    }

    private Fold fold(int index) {
      return table.fold((int) keys.number(index));
    }

    private void hit(int index, long flags, long cas, byte[] value, int length) {
      boolean right =
          flags == target.writtenWith().clientFlags()
              && fold(index)
                  .holdsValue(
                      nodeIndex,
                      keys.bytes(),
                      keys.start(index),
                      keys.length(index),
                      value,
                      length);
      seen[index] = right ? RIGHT : cas;
    }

    private void take() {
      try {
        // The connection itself sees to it that there is an answer.
        answer.get();
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        throw lost(cause == null ? e.getMessage() : cause.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw lost("interrupted", e);
      }
      for (int i = 0; i < keys.size(); i++) {
        int at = keys.start(i);
        if (seen[i] == ABSENT
            ? fold(i).holdsLive(nodeIndex, keys.bytes(), at, keys.length(i))
            : seen[i] != RIGHT) {
          suspects.add(keys.bytes(), at, keys.length(i), seen[i]);
        }
      }
      answered.accept(keys.size());
    }
  }
}
