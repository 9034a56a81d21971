package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.KnownWriters;
import io.zonecast.sink.entry.WaitingRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/** One assigned partition: its live lanes, its position and its wait. For the polling thread. */
final class AssignedPartition {
  private final List<LiveLane> lanes = new ArrayList<>();
  private OptionalLong committedNextOffset = OptionalLong.empty();
  private boolean commitFailed;
  private long position;
  private KnownWriters writers = KnownWriters.NONE;
  private @Nullable Wait wait;
  private boolean retrying;

  /** A record that cannot be read yet, at which the partition waits until the next try. */
  record Wait(WaitingRecord record, long retryAtNanos) {
    long offset() {
      return record.note().offset();
    }
  }

  /**
   * Takes over what the group has committed.
   *
   * @param former the writers in the commit's metadata
   */
  void learn(long nextOffset, KnownWriters former) {
    committedNextOffset = OptionalLong.of(nextOffset);
    writers = former;
  }

  boolean isLearnt() {
    return committedNextOffset.isPresent();
  }

  KnownWriters writers() {
    return writers;
  }

  void writers(KnownWriters newWriters) {
    writers = newWriters;
  }

  /**
   * What to commit: how far every live node has got, and the writers; empty until {@link
   * #isLearnt}.
   */
  Optional<OffsetAndMetadata> commit() {
    return committable().stream()
        .mapToObj(next -> new OffsetAndMetadata(next, writers.encode()))
        .findFirst();
  }

  List<LiveLane> lanes() {
    lanes.removeIf(lane -> !lane.isOpen());
    return lanes;
  }

  void add(LiveLane lane) {
    lanes.add(lane);
  }

  @Nullable LiveLane laneOf(int node) {
    // A pool is a handful of nodes, most often two or three: a scan beats a map.
    for (int i = 0; i < lanes.size(); i++) {
      if (lanes.get(i).node() == node) {
        return lanes.get(i);
      }
    }
    return null;
  }

  /** The next offset that the consumer returns; meaningful once a lane has joined. */
  long position() {
    return position;
  }

  void moveTo(long newPosition) {
    position = newPosition;
  }

  /** The log now ends below the position: ends the lanes that were sent more of the earlier log. */
  void cutOffAt(long end) {
    lanes.stream().filter(lane -> lane.sentNextOffset() > end).forEach(LiveLane::cutOff);
    position = end;
    waitFor(null);
  }

  /** Every record below is sent; ends a wait for one of them. */
  void advanceTo(long nextOffset) {
    position = nextOffset;
    if (wait != null && nextOffset > wait.offset()) {
      wait = null;
    }
  }

  @Nullable Wait waiting() {
    return wait;
  }

  void waitFor(@Nullable Wait newWait) {
    wait = newWait;
    retrying = false;
  }

  /** Lets the partition flow up to the record at which it waits; the wait ends behind it. */
  void retry() {
    retrying = true;
  }

  boolean isDueForRetry(long nowNanos) {
    return wait != null && !retrying && nowNanos - wait.retryAtNanos() >= 0;
  }

  boolean isFlowing() {
    return (wait == null || retrying) && !lanes().isEmpty();
  }

  /** The offset below which every live node has acknowledged; without one, what the group has. */
  private OptionalLong committable() {
    // Also of a lane that was just stopped: its acknowledgements stay true.
    OptionalLong slowest =
        lanes.stream()
            .filter(lane -> lane.connection().isOpen())
            .mapToLong(lane -> lane.acknowledged().nextOffset())
            .min();
    return slowest.isPresent() ? slowest : committedNextOffset;
  }

  boolean isDueForCommit() {
    OptionalLong committable = committable();
    return committable.isPresent() && (commitFailed || !committable.equals(committedNextOffset));
  }

  void committed(long nextOffset) {
    committedNextOffset = OptionalLong.of(nextOffset);
    commitFailed = false;
  }

  /** What the group has is unknown: the next commit goes out even without progress. */
  void commitFailed() {
    commitFailed = true;
  }
}
