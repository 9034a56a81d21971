package io.zonecast.sink.fill;

import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WrittenWith;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Decides whether a node is filled from the beginning of a partition or goes on from its
 * checkpoint. It needs only the checkpoint. When the fill has ended, {@code node.JoinStep} may
 * still ask for one from the beginning: if the partition's leader has changed while former writers
 * were connected.
 */
public sealed interface FillPlan {

  /** The first offset to read: the records at and after it are sent. */
  PartitionPosition from();

  /**
   * How far the node has followed the log; further than the first offset to read if a part is sent
   * again.
   */
  PartitionPosition followed();

  /**
   * The node goes on.
   *
   * @param from below {@code followed} where a former writer may still have written late
   */
  record GoOn(PartitionPosition from, PartitionPosition followed) implements FillPlan {}

  /** The node gets all of the partition, and what it holds beside that is swept. */
  record FromStart(Why why) implements FillPlan {
    @Override
    public PartitionPosition from() {
      return PartitionPosition.NONE;
    }

    @Override
    public PartitionPosition followed() {
      return PartitionPosition.NONE;
    }

    /** Whether the sweep asks a human if it would take many entries away. */
    public boolean isGuarded() {
      return why == Why.ANOTHER_TOPIC;
    }
  }

  /** Why a node cannot go on from what it remembers. */
  enum Why {
    /** The node is new, was wiped or has evicted its checkpoint. */
    NO_CHECKPOINT,
    /** Its entries are of a topic that was deleted and made again under the same name. */
    ANOTHER_TOPIC,
    /** A fill from the beginning has begun and not ended. */
    UNFINISHED,
    /** Its entries have another prefix, format or place. */
    OTHER_SETTINGS,
    /** It was away for longer than tombstones live. */
    DELETES_MISSED
  }

  /**
   * Decides.
   *
   * @param found the checkpoint that was there when it was claimed, if one was
   * @param held the checkpoint as it was claimed, with all who may have written late
   * @param tombstonesSince the time before which a delete may be unheard of, in epoch milliseconds
   */
  static FillPlan of(
      Optional<Checkpoint> found,
      Checkpoint held,
      Uuid topicId,
      WrittenWith writtenWith,
      long tombstonesSince) {
    if (found.isEmpty()) {
      return new FromStart(Why.NO_CHECKPOINT);
    }
    Checkpoint there = found.get();
    if (!there.topicId().equals(topicId)) {
      return new FromStart(Why.ANOTHER_TOPIC);
    }
    if (there.state() == Checkpoint.State.FILLING) {
      return new FromStart(Why.UNFINISHED);
    }
    if (!there.writtenWith().equals(writtenWith)) {
      return new FromStart(Why.OTHER_SETTINGS);
    }
    if (there.safeTimeMillis() < tombstonesSince) {
      return new FromStart(Why.DELETES_MISSED);
    }
    return new GoOn(held.safeProgress(), held.progress());
  }
}
