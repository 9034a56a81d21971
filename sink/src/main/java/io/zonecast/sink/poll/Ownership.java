package io.zonecast.sink.poll;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * What a node's keeper asks of the poll loop. Thread-safe; answers come on the poll loop's thread.
 */
public interface Ownership {

  /**
   * Proves that this member still owns the partitions, by a commit of the group's own position,
   * which the group refuses to anybody else. When it has succeeded, nothing is on its way any more
   * from a lane that was stopped before. Completes exceptionally where ownership cannot be proved.
   */
  CompletableFuture<Void> prove(Collection<Integer> partitions);

  /** Lets live records flow down a lane from where its fill ended. */
  CompletableFuture<Joining> join(LiveLane lane);

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
