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
 * What one poll sends to one node: a set-many, and how far each lane has got once it is
 * acknowledged. Reused when its answer has come.
 */
final class LiveBatch implements SetManyListener {
  private final NodeConnection connection;
  private final EntryBatch batch;
  private final Pool pool;
  private final List<Frontier> frontiers = new ArrayList<>();
  private long oldestTimestampMillis;

  private record Frontier(LiveLane lane, PartitionPosition reached) {}

  private LiveBatch(NodeConnection connection, EntryBatch batch, Pool pool) {
    this.connection = connection;
    this.batch = batch;
    this.pool = pool;
  }

  /** The batches of one connection, each made once. */
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
        spare = new LiveBatch(connection, new EntryBatch(keyPrefix, clientFlags), this);
      }
      spare.oldestTimestampMillis = Long.MAX_VALUE;
      return spare;
    }

    /** Live entries that are unanswered; a fill's on the same connection are its own affair. */
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

  /** When this is acknowledged, the lane has got so far. */
  void reaches(LiveLane lane, PartitionPosition reached) {
    frontiers.add(new Frontier(lane, reached));
    lane.sent(reached);
  }

  void send() {
    pool.inFlightEntries.addAndGet(batch.count());
    connection.send(batch, this);
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
      // Which record it was, the fill that follows finds out: one sent again by itself could
      // overtake a later one.
      frontiers.forEach(frontier -> frontier.lane.refused());
    }
    // Broken: the connection is closed, and its keeper knows.
  }
}
