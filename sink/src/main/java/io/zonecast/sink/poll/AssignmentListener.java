package io.zonecast.sink.poll;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** A node's keeper, as the poll loop sees it. Called on the poll loop's thread; must not block. */
public interface AssignmentListener {

  void assigned(Collection<Integer> partitions);

  /** Completes when the node's checkpoints are released; nothing is sent after that. */
  CompletableFuture<Void> released(Collection<Integer> partitions);

  /** The partitions may have another owner already: stop at once, whatever is in flight. */
  void lost(Collection<Integer> partitions);
}
