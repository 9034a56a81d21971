package io.zonecast.sink.fill;

import io.zonecast.sink.cache.EntryBatch;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Batches of one connection, grown to their working size once and used again. Thread-safe. */
public final class BatchPool {
  private final Queue<EntryBatch> spares = new ConcurrentLinkedQueue<>();
  private final String keyPrefix;
  private final long clientFlags;

  public BatchPool(String keyPrefix, long clientFlags) {
    this.keyPrefix = keyPrefix;
    this.clientFlags = clientFlags;
  }

  EntryBatch take() {
    EntryBatch spare = spares.poll();
    return spare == null ? new EntryBatch(keyPrefix, clientFlags) : spare;
  }

  void giveBack(EntryBatch batch) {
    batch.clear();
    spares.add(batch);
  }
}
