package io.zonecast.sink.lag;

import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.checkpoint.FillProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How one cache node stands. Null is unknown, which is not 0.
 *
 * @param node where it is, as {@code host:port}
 * @param since when it was last seen to go down, as far as another node of its pool remembers
 * @param fill how far all its partitions together have been filled; null unless they are
 * @param checkpointAge how long ago the oldest of its checkpoints was known to be up to date
 * @param behindRecordsAtMost the offsets between its checkpoints and the partitions' ends
 * @param stats its memory and entries, other people's included; null if it did not answer
 * @param detail what is wrong with it, however full it is, and what helps; of one that is down, why
 */
public record NodeLag(
    String node,
    NodeState state,
    @Nullable Instant since,
    @Nullable FillProgress fill,
    @Nullable Duration checkpointAge,
    @Nullable Long behindRecordsAtMost,
    @Nullable NodeStats stats,
    @Nullable String detail) {

  /** Whether it has everything before the partitions' ends. */
  public boolean hasAll() {
    return behindRecordsAtMost != null && behindRecordsAtMost == 0;
  }

  /** How much of its share it has, from 0 to 1, while it is filled. */
  public @Nullable Double filled() {
    return fill == null ? null : Double.valueOf(fill.share());
  }

  /** How long its fill still needs. */
  public @Nullable Duration left() {
    return fill == null ? null : fill.left();
  }

  /** The state in words: {@code FILLING 63 %, about 2 s left}. */
  public String standing() {
    StringBuilder words = new StringBuilder(state.words());
    if (fill != null) {
      // Rounded down: 100 % would be no fill any more.
      words.append(' ').append((int) Math.min(99, fill.share() * 100)).append(" %");
    }
    Duration rest = left();
    if (rest != null) {
      words.append(", about ").append(ElapsedTime.roughly(rest)).append(" left");
    }
    Instant begin = since;
    if (begin != null) {
      words.append(" since ").append(begin.truncatedTo(ChronoUnit.SECONDS));
    }
    return words.toString();
  }
}
