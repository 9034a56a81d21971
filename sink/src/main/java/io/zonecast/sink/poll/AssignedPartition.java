package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.KnownWriters;
import io.zonecast.sink.entry.WaitingRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/** One assigned partition: the lanes it flows down, and where it stands. The poll loop's alone. */
final class AssignedPartition {
  private final List<LiveLane> lanes = new ArrayList<>();
  private OptionalLong committedNextOffset = OptionalLong.empty();
  private boolean commitFailed;
  private long position;
  private KnownWriters writers = KnownWriters.NONE;
  private @Nullable Wait wait;
  private boolean retrying;

  /** A record that cannot be read yet holds the partition: try again at this time. */
  record Wait(WaitingRecord record, long retryAtNanos) {
    long offset() {
      return record.note().offset();
    }
  }

  /**
   * Takes what the group has committed.
   *
   * @param former who may have written to which node, as the commit said
   */
  void learn(long nextOffset, KnownWriters former) {
    committedNextOffset = OptionalLong.of(nextOffset);
    writers = former;
  }

  /** Whether what the group has committed is known. */
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
   * What to commit: how far every live node has got, and who writes to them; empty until it is
   * known what the group has.
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

  /** The next offset that the consumer will return; meaningful once a lane has joined. */
  long position() {
    return position;
  }

  /** The consumer has been moved there. */
  void moveTo(long newPosition) {
    position = newPosition;
  }

  /** The log now ends here, below the position: lanes that were sent more hold another log's. */
  void cutOffAt(long end) {
    lanes.stream().filter(lane -> lane.sentNextOffset() > end).forEach(LiveLane::cutOff);
    position = end;
    waitFor(null);
  }

  /** All below has been handed on, and with it what was waited for, if it lies there. */
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

  /** Lets the partition flow towards what it waits for; it still waits until it has got past. */
  void retry() {
    retrying = true;
  }

  boolean isDueForRetry(long nowNanos) {
    return wait != null && !retrying && nowNanos - wait.retryAtNanos() >= 0;
  }

  boolean isFlowing() {
    return (wait == null || retrying) && !lanes().isEmpty();
  }

  /** All below it is acknowledged by every live node; without one, what the group has. */
  private OptionalLong committable() {
    // A lane that has just been stopped still has what it acknowledged.
    OptionalLong slowest =
        lanes.stream()
            .filter(lane -> lane.connection().isOpen())
            .mapToLong(lane -> lane.acknowledged().nextOffset())
            .min();
    return slowest.isPresent() ? slowest : committedNextOffset;
  }

  /** Whether there is something to commit that the group does not have. */
  boolean isDueForCommit() {
    OptionalLong committable = committable();
    return committable.isPresent() && (commitFailed || !committable.equals(committedNextOffset));
  }

  void committed(long nextOffset) {
    committedNextOffset = OptionalLong.of(nextOffset);
    commitFailed = false;
  }

  /** No one knows what the group has: the next commit goes out though nothing moves. */
  void commitFailed() {
    commitFailed = true;
  }
}
