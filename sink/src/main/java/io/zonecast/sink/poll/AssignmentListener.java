package io.zonecast.sink.poll;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** A node's keeper, as the poll loop sees it. Called on the polling thread; must not block. */
public interface AssignmentListener {

  void assigned(Collection<Integer> partitions);

  /** Completes when the node's checkpoints are released; after that the keeper sends nothing. */
  CompletableFuture<Void> released(Collection<Integer> partitions);

  /**
   * The partitions may be another member's already: when this returns, nothing that was begun
   * before is sent to the node any more.
   */
  void lost(Collection<Integer> partitions);
}
