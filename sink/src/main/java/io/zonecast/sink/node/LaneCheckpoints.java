package io.zonecast.sink.node;

import io.zonecast.sink.cache.CasResult;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.VersionedEntry;
import io.zonecast.sink.checkpoint.Checkpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the checkpoints of one node, down the one connection on which their CAS tokens
 * are worth something. For the keeper's thread.
 */
record LaneCheckpoints(NodeContext context, NodeConnection connection) {
  private static final Logger LOG = LoggerFactory.getLogger(LaneCheckpoints.class);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  String key(PartitionLane lane) {
    return context.checkpointKey(lane.partition());
  }

  /** Reads the lanes' checkpoints, each with its CAS, in their order. */
  List<VersionedEntry> read(List<PartitionLane> lanes) throws IOException {
    return connection.readEntries(lanes.stream().map(this::key).toList());
  }

  /** Writes by CAS; a refusal sends the lane back to the start. */
  boolean replace(PartitionLane lane, Checkpoint wanted) throws IOException, InterruptedException {
    return conclude(beginReplace(lane, wanted));
  }

  /** As {@link #replace}, for several lanes in one round trip. */
  void replaceAll(Map<PartitionLane, Checkpoint> wanted) throws IOException, InterruptedException {
    List<Replacing> under = new ArrayList<>();
    wanted.forEach((lane, checkpoint) -> under.add(beginReplace(lane, checkpoint)));
    for (Replacing replacing : under) {
      conclude(replacing);
    }
  }

  /** As {@link #replace}, without waiting; {@link #conclude} is to follow. */
  Replacing beginReplace(PartitionLane lane, Checkpoint wanted) {
    return new Replacing(
        lane, wanted, connection.replaceAsync(key(lane), lane.held().cas(), wanted.encode()));
  }

  /** Waits for the answer; a refusal sends the lane back to the start. */
  boolean conclude(Replacing replacing) throws IOException, InterruptedException {
    PartitionLane lane = replacing.lane;
    if (answer(replacing.answer) instanceof CasResult.Done done) {
      lane.hold(replacing.wanted, done.newCas());
      return true;
    }
    LOG.warn(
        "node={} partition={} checkpoint not replaced: wiped, dropped or another's; filling"
            + " again from what is there",
        connection.address(),
        lane.partition());
    lane.startAgain(Retry.AT_ONCE);
    return false;
  }

  /**
   * A checkpoint on its way to the node: until it is answered, what the node holds is not known.
   */
  record Replacing(PartitionLane lane, Checkpoint wanted, CompletableFuture<CasResult> answer) {
    boolean isAnswered() {
      return answer.isDone();
    }
  }

  /**
   * Waits for the answer to a conditional write.
   *
   * @throws IOException if there is none; the connection is closed then
   */
  CasResult answer(CompletableFuture<CasResult> future) throws IOException, InterruptedException {
    try {
      return context.timing().get(future, ANSWER_TIMEOUT);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      connection.close();
      throw new IOException(
          "memcached " + connection.address() + " did not answer a checkpoint in time", e);
    }
  }

  /**
   * Says that what the node holds of a partition is of another log, as of a topic that was deleted
   * and created again, and sends the lane back to the start: it is filled from the beginning.
   */
  void ofAnotherLog(PartitionLane lane) {
    Claim claim = lane.held();
    Checkpoint held = claim.checkpoint();
    try {
      if (replace(
          lane,
          Checkpoint.filling(
              Uuid.ZERO_UUID,
              lane.partition(),
              held.conn(),
              held.writtenWith(),
              held.sinceMillis(),
              claim.suspects()))) {
        lane.startAgain(Retry.AT_ONCE, "");
      }
    } catch (IOException e) {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
