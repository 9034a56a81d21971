package io.zonecast.sink.node;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.fill.MemoryCheck;
import io.zonecast.sink.fill.NodeFill;
import io.zonecast.sink.poll.LiveLane;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The phase of one partition on one node, with exactly what is valid in it:
 *
 * <pre>
 *             claim + proof            room known
 * Unclaimed ────────────────▶ Settling ◀────────── Weighing
 *     ▲                        │    └────────────────▲
 *     │ anything unexpected    │ former writers gone, or waited for
 *     │ (from every phase)     ▼
 *     │                      Filling ──▶ Finishing ──▶ Joining ──▶ Live
 *     │                        ▲                          │
 *     └────────────────────────┴─── too far behind ───────┘
 * </pre>
 *
 * <p>{@link PartitionLane} makes the transitions.
 */
sealed interface Phase {

  /** Gives up work under way, and the memory that it holds. Idempotent. */
  default void close() {}

  /** To be claimed at the time due: new, or something was not as expected. */
  record Unclaimed(long dueNanos) implements Phase {}

  /** The checkpoint is ours, and so was the partition at the last proof. */
  sealed interface Claimed extends Phase {
    Claim claim();

    Claimed with(Claim newClaim);
  }

  /**
   * Former writers may still have bytes under way.
   *
   * @param found the checkpoint that was there when it was claimed
   * @param untilNanos when former writers have been waited for long enough
   * @param hasRoom whether the node is known to have room for a fill from the beginning
   */
  record Settling(Claim claim, Optional<Checkpoint> found, long untilNanos, boolean hasRoom)
      implements Claimed {
    @Override
    public Settling with(Claim newClaim) {
      return new Settling(newClaim, found, untilNanos, hasRoom);
    }
  }

  /** What the node would have to hold is being counted, before anything is written. */
  record Weighing(Settling settling, MemoryCheck count, boolean isCounted) implements Claimed {
    @Override
    public Claim claim() {
      return settling.claim();
    }

    @Override
    public Weighing with(Claim newClaim) {
      return new Weighing(settling.with(newClaim), count, isCounted);
    }

    @Override
    public void close() {
      count.giveUp();
    }
  }

  /** The replay has been asked for what the node lacks, and the node gets it. */
  record Filling(Claim claim, NodeFill fill) implements Claimed {
    @Override
    public Filling with(Claim newClaim) {
      return new Filling(newClaim, fill);
    }

    @Override
    public void close() {
      fill.giveUp();
    }
  }

  /**
   * All of it is on the node; the checkpoint that says so is on its way.
   *
   * @param end how far the node has got, whatever its checkpoint may say
   * @param waitsAt the record that the fill ended at, if that cannot be read yet
   */
  record Finishing(
      Claim claim,
      NodeFill fill,
      PartitionPosition end,
      LaneCheckpoints.Replacing checkpoint,
      @Nullable WaitNote waitsAt)
      implements Claimed {
    @Override
    public Finishing with(Claim newClaim) {
      return new Finishing(newClaim, fill, end, checkpoint, waitsAt);
    }
  }

  /** The checkpoint says that it is filled; the poll loop has been asked to send what follows. */
  record Joining(Claim claim, NodeFill fill, LiveLane live) implements Claimed {
    @Override
    public Joining with(Claim newClaim) {
      return new Joining(newClaim, fill, live);
    }

    @Override
    public void close() {
      live.stop();
    }
  }

  /**
   * What the poll loop reads is sent to the node.
   *
   * @param fill the one that came before
   */
  record Live(Claim claim, NodeFill fill, LiveLane live) implements Claimed {
    @Override
    public Live with(Claim newClaim) {
      return new Live(newClaim, fill, live);
    }

    @Override
    public void close() {
      live.stop();
    }
  }
}
