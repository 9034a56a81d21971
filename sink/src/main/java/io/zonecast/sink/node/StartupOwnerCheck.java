package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.owner.NotOurNodeException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends a sink at its start if every node that can be reached is another owner's: then its settings
 * are wrong. One node that is ours is enough to go on; the others are STALLED. Thread-safe.
 */
final class StartupOwnerCheck {
  private final Set<NodeAddress> notLookedAt;
  private @Nullable String reason;
  private boolean decided;

  StartupOwnerCheck(Collection<NodeAddress> nodes) {
    this.notLookedAt = new HashSet<>(nodes);
  }

  /** The node is ours, or may become so. */
  synchronized void ours() {
    decided = true;
  }

  /**
   * The node is another owner's.
   *
   * @throws NotOurNodeException if that was the last node to be looked at, and none is ours
   */
  synchronized void notOurs(NodeAddress node, String why) {
    reason = reason == null ? why : reason;
    looked(node);
  }

  /**
   * As {@link #notOurs}; a node that cannot be reached says nothing against the others' answer.
   *
   * @throws NotOurNodeException likewise
   */
  synchronized void unreachable(NodeAddress node) {
    looked(node);
  }

  private void looked(NodeAddress node) {
    notLookedAt.remove(node);
    if (!decided && reason != null && notLookedAt.isEmpty()) {
      throw new NotOurNodeException(reason);
    }
  }
}
