package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.WaitNote;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What a node's keeper asks of the poll loop. Thread-safe; answers come on the poll loop's thread.
 */
public interface KeeperRequests {

  /**
   * Proves that this member still owns the partitions, by a commit of the group's own position,
   * which the group refuses to anyone else. When it has succeeded, nothing is on its way any more
   * from a lane that was stopped before. Completes exceptionally where ownership cannot be proved.
   *
   * <p>The commit also says that {@code conn} is about to write to {@code node}.
   *
   * @return by partition, the other connections that may have written to the node
   */
  CompletableFuture<Map<Integer, List<String>>> prove(
      Collection<Integer> partitions, String node, String conn);

  /**
   * Whether the group remembers that it has written to a node, by what it committed of the
   * partitions that are this member's.
   */
  CompletableFuture<Boolean> hasWrittenTo(String node);

  /** Says that these connections to the node are gone, and have nothing under way any more. */
  void gone(int partition, String node, Collection<String> conns);

  /** Lets live records flow down a lane from where its fill ended. */
  CompletableFuture<Joining> join(LiveLane lane);

  /**
   * The partitions that are held up by a record which cannot be read or put aside yet. Thread-safe.
   */
  default Map<Integer, WaitNote> waiting() {
    return Map.of();
  }

  /** The answer to {@link #join}. */
  enum Joining {
    /** From here on the lane is live. */
    JOINED,
    /** The live records are too far ahead: fill from the lane's next offset on, and ask again. */
    TOO_FAR_BEHIND,
    /** The partition or the connection is gone. */
    GONE
  }
}
