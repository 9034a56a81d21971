package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.WaitNote;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A node's keeper's requests to the poll loop. Thread-safe; answers come on the polling thread. */
public interface KeeperRequests {

  /**
   * Proves that this member still owns the partitions, by a commit that the group refuses to any
   * other member. After it, a lane that was stopped before sends nothing more. Completes
   * exceptionally if ownership cannot be proved.
   *
   * <p>The commit also records that {@code conn} is about to write to {@code node}.
   *
   * @return by partition, the other connections that may have written to the node
   */
  CompletableFuture<Map<Integer, List<String>>> prove(
      Collection<Integer> partitions, String node, String conn);

  /**
   * Whether the group's commits of this member's partitions say that it has written to the node.
   */
  CompletableFuture<Boolean> hasWrittenTo(String node);

  /** These connections to the node are closed: none of their batches can arrive any more. */
  void gone(int partition, String node, Collection<String> conns);

  /** Sends live records down a lane from where its fill ended. */
  CompletableFuture<Joining> join(LiveLane lane);

  /** The partitions that wait at a record that cannot be read or put aside yet. */
  default Map<Integer, WaitNote> waiting() {
    return Map.of();
  }

  /** The answer to {@link #join}. */
  enum Joining {
    /** The lane is live. */
    JOINED,
    /** The live records are too far ahead: fill from the lane's next offset, and ask again. */
    TOO_FAR_BEHIND,
    /** The partition or the connection is gone. */
    GONE
  }
}
