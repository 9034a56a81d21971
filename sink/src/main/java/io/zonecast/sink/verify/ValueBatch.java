package io.zonecast.sink.verify;

import io.zonecast.sink.cache.KeyBatch;
import io.zonecast.sink.cache.KeyCheck;
import io.zonecast.sink.cache.NodeConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Up to 5,000 keys to read, with where the values that are expected of them lie. */
final class ValueBatch {
  static final int MOST_KEYS = 5_000;

  static final byte ABSENT = 0;
  static final byte DIFFERENT = 1;
  private static final byte EQUAL = 2;

  private final KeyBatch keys;
  private final long clientFlags;
  private final byte[][] arenas = new byte[MOST_KEYS][];
  private final int[] keyAt = new int[MOST_KEYS];
  private final int[] valueAt = new int[MOST_KEYS];
  private final int[] valueLength = new int[MOST_KEYS];
  private final byte[] found = new byte[MOST_KEYS];
  private @Nullable CompletableFuture<Integer> answer;

  ValueBatch(String keyPrefix, long clientFlags) {
    this.keys = new KeyBatch(keyPrefix);
    this.clientFlags = clientFlags;
  }

  /** Adds an entry whose key and value lie in an array that stays as it is until the answer. */
  void add(byte[] bytes, int newKeyAt, int keyLength, int newValueAt, int length) {
    int index = keys.count();
    require(keys.add(bytes, newKeyAt, keyLength));
    arenas[index] = bytes;
    keyAt[index] = newKeyAt;
    valueAt[index] = newValueAt;
    valueLength[index] = length;
  }

  boolean isFull() {
    return keys.count() == MOST_KEYS;
  }

  int count() {
    return keys.count();
  }

  void send(NodeConnection connection) {
    answer = connection.getMany(keys, this::hit);
  }

  private void hit(int index, long flags, long cas, byte[] value, int length) {
    boolean equal =
        flags == clientFlags
            && length == valueLength[index]
            && Arrays.equals(
                value,
                0,
                length,
                arenas[index],
                valueAt[index],
                valueAt[index] + valueLength[index]);
    found[index] = equal ? EQUAL : DIFFERENT;
  }

  /**
   * Waits for the answer and adds the keys that are absent or different, each with the number
   * {@link #ABSENT} or {@link #DIFFERENT}.
   */
  void takeSuspects(KeyList into) {
    try {
      await(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    for (int i = 0; i < keys.count(); i++) {
      if (found[i] != EQUAL) {
        int keyLength = valueAt[i] - keyAt[i];
        into.add(arenas[i], keyAt[i], keyLength, found[i]);
      }
    }
  }

  static void require(KeyCheck check) {
    if (check != KeyCheck.FITS) {
      throw new IllegalStateException("a zone key that " + check.reason());
    }
  }

  /** Waits for an answer; the connection itself sees to it that there is one. */
  static int await(@Nullable CompletableFuture<Integer> answer) throws IOException {
    if (answer == null) {
      throw new IllegalStateException("a batch that was not sent");
    }
    try {
      return answer.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
