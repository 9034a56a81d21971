package io.zonecast.sink.poll;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** A node's keeper, as the poll loop sees it. Called on the poll loop's thread; must not block. */
public interface AssignmentListener {

  void assigned(Collection<Integer> partitions);

  /** Completes when the node's checkpoints are released; nothing is sent after that. */
  CompletableFuture<Void> released(Collection<Integer> partitions);

  /**
   * The partitions may have another owner already: when this returns, nothing more is sent to the
   * node that was begun before.
   */
  void lost(Collection<Integer> partitions);
}
