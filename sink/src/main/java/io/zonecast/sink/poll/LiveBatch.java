package io.zonecast.sink.poll;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.SetManyListener;
import io.zonecast.sink.cache.SetManyResult;
import io.zonecast.sink.checkpoint.PartitionPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sets and deletes of one poll to one node, in the order of the records ({@link
 * io.zonecast.sink.cache.EntryBatch}), and how far each lane has got once they are acknowledged.
 * Reused after its answer.
 */
final class LiveBatch implements SetManyListener {
  private final EntryBatch batch;
  private final Pool pool;
  private final List<Frontier> frontiers = new ArrayList<>();
  private long oldestTimestampMillis;

  private record Frontier(LiveLane lane, PartitionPosition reached) {}

  private LiveBatch(Pool pool) {
    this.batch = new EntryBatch(pool.keyPrefix, pool.clientFlags);
    this.pool = pool;
  }

  /** Makes and reuses the batches of one connection. */
  static final class Pool {
    private final Queue<LiveBatch> spares = new ConcurrentLinkedQueue<>();
    private final NodeConnection connection;
    private final String keyPrefix;
    private final long clientFlags;
    private final DelayListener delays;
    private final AtomicInteger inFlightEntries = new AtomicInteger();

    Pool(NodeConnection connection, String keyPrefix, long clientFlags, DelayListener delays) {
      this.connection = connection;
      this.keyPrefix = keyPrefix;
      this.clientFlags = clientFlags;
      this.delays = delays;
    }

    LiveBatch take() {
      LiveBatch spare = spares.poll();
      if (spare == null) {
        spare = new LiveBatch(this);
      }
      spare.oldestTimestampMillis = Long.MAX_VALUE;
      return spare;
    }

    /** Live entries without an answer; those of fills on the same connection do not count. */
    int inFlightEntries() {
      return inFlightEntries.get();
    }
  }

  EntryBatch batch() {
    return batch;
  }

  void carries(long timestampMillis) {
    oldestTimestampMillis = Math.min(oldestTimestampMillis, timestampMillis);
  }

  /** Once this batch is acknowledged, the lane has got to {@code reached}. */
  void reaches(LiveLane lane, PartitionPosition reached) {
    frontiers.add(new Frontier(lane, reached));
    lane.sent(reached);
  }

  void send() {
    pool.inFlightEntries.addAndGet(batch.count());
    pool.connection.send(batch, this);
  }

  @Override
  public void onResult(EntryBatch answered, SetManyResult result) {
    pool.inFlightEntries.addAndGet(-batch.count());
    if (result instanceof SetManyResult.Stored) {
      for (Frontier frontier : frontiers) {
        frontier.lane.acknowledge(frontier.reached);
      }
      if (batch.count() > 0) {
        pool.delays.acknowledged(batch.count(), oldestTimestampMillis);
      }
      batch.clear();
      frontiers.clear();
      pool.spares.add(this);
    } else if (result instanceof SetManyResult.PartlyFailed) {
      // The fill that follows finds the record: sent again alone, it could replace a later one.
      frontiers.forEach(frontier -> frontier.lane.refused());
    }
    // Broken: the connection is closed, which its keeper hears.
  }
}
