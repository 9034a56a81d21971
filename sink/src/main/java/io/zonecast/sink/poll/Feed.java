package io.zonecast.sink.poll;

import io.zonecast.sink.checkpoint.Writers;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/** One assigned partition: the lanes it flows down, and where it stands. The poll loop's alone. */
final class Feed {
  private final List<LiveLane> lanes = new ArrayList<>();
  private long committedNextOffset;
  private long position;
  private Writers writers;
  private @Nullable Wait wait;

  /** A record that cannot be read yet holds the partition: try again at this time. */
  record Wait(long offset, String reason, long retryAtNanos) {}

  /**
   * @param committedNextOffset what the group has committed; 0 where it has committed nothing
   * @param writers who may have written to which node, as the commit said
   */
  Feed(long committedNextOffset, Writers writers) {
    this.committedNextOffset = committedNextOffset;
    this.writers = writers;
  }

  Writers writers() {
    return writers;
  }

  void writers(Writers newWriters) {
    writers = newWriters;
  }

  /** What to commit: how far every live node has got, and who writes to them. */
  OffsetAndMetadata commit() {
    return new OffsetAndMetadata(committable(), writers.encode());
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

  void moveTo(long newPosition) {
    position = newPosition;
  }

  @Nullable Wait waiting() {
    return wait;
  }

  void waitFor(@Nullable Wait newWait) {
    wait = newWait;
  }

  boolean isFlowing() {
    return wait == null && !lanes().isEmpty();
  }

  /** What the group may commit: all below it is acknowledged by every live node. */
  long committable() {
    // A lane that has just been stopped still has what it acknowledged.
    OptionalLong slowest =
        lanes.stream()
            .filter(lane -> lane.connection().isOpen())
            .mapToLong(lane -> lane.acknowledged().nextOffset())
            .min();
    return slowest.orElse(committedNextOffset);
  }

  long committedNextOffset() {
    return committedNextOffset;
  }

  void committed(long nextOffset) {
    committedNextOffset = nextOffset;
  }
}
