package io.zonecast.sink.poll;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.PartitionPosition;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends one live record down a lane as the poll loop would. */
public final class LiveSends {
  private final LiveBatch.Pool pool;

  public LiveSends(NodeConnection connection, String keyPrefix) {
    pool = new LiveBatch.Pool(connection, keyPrefix, 0, (entries, oldest) -> {});
  }

  /** Ends a lane as the poll loop does where the log was cut off. */
  public static void cutOff(LiveLane lane) {
    lane.cutOff();
  }

  public void send(
      LiveLane lane, long offset, String key, @Nullable String value, long timestampMillis) {
    LiveBatch outgoing = pool.take();
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    if (value == null) {
      outgoing.batch().delete(keyBytes);
    } else {
      outgoing.batch().set(keyBytes, value.getBytes(StandardCharsets.UTF_8));
    }
    outgoing.carries(timestampMillis);
    outgoing.reaches(
        lane, new PartitionPosition(offset + 1, timestampMillis, PartitionPosition.NO_EPOCH));
    outgoing.send();
  }
}
