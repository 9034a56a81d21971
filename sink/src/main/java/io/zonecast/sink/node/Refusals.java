package io.zonecast.sink.node;

import io.zonecast.sink.cache.EntryBatch;
import io.zonecast.sink.cache.EntryFailure;
import io.zonecast.sink.cache.FailureReason;
import io.zonecast.sink.cache.NodeConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node refused of a fill: who is to blame, and what is to follow. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private static final long LATER_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration LOUD_TIMEOUT = Duration.ofSeconds(10);

  private final NodeContext context;
  private final NodeConnection connection;
  private final String node;
  private final Sweep sweep;
  private final BatchPool batches;

  Refusals(NodeContext context, NodeConnection connection, Sweep sweep, BatchPool batches) {
    this.context = context;
    this.connection = connection;
    this.node = connection.address().toString();
    this.sweep = sweep;
    this.batches = batches;
  }

  /**
   * Finds out which entries were refused: each key stands once in a fold and nobody else writes
   * here, so it is safe to send them again.
   *
   * @return false if the lane has to be filled again
   */
  boolean settle(PartitionLane lane, PartSender sender) throws IOException {
    Map<Long, String> tooLarge = new TreeMap<>();
    for (EntryBatch batch = sender.nextRefused(); batch != null; batch = sender.nextRefused()) {
      for (EntryFailure failure : connection.sendLoud(batch, LOUD_TIMEOUT)) {
        String said = failure.reason().serverLine();
        if (!(failure.reason() instanceof FailureReason.TooLarge)) {
          startAgain(lane, "refuses " + failure.key() + ": " + said);
          return false;
        }
        byte[] key = sweep.withoutPrefix(failure.key());
        tooLarge.put(
            sender.part().fold().offsetOf(key, 0, key.length),
            "node " + node + " cannot take it: " + said);
      }
      batches.giveBack(batch);
    }
    // No record at or after what the checkpoint says is older than it says.
    context
        .deadLetters()
        .sendFrom(lane.partition(), tooLarge, lane.held().checkpoint().safeTimeMillis());
    return true;
  }

  /** Later; what is still the reason then has been said. */
  private void startAgain(PartitionLane lane, String reason) {
    if (!reason.equals(lane.stalledFor())) {
      LOG.warn("node={} partition={} cannot go on: {}", node, lane.partition(), reason);
    }
    lane.startAgain(LATER_NANOS, reason);
  }
}
