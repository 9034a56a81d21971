package io.zonecast.sink.lag;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How one cache node stands. Null is unknown, which is not 0.
 *
 * @param node where it is, as {@code host:port}
 * @param since when it was last seen to go down, as far as another node of its pool remembers
 * @param filled how much of its share it has, from 0 to 1, while it is filled
 * @param left how long its fill still needs
 * @param checkpointAge how long ago the oldest of its checkpoints was known to be up to date
 * @param behindRecordsAtMost the offsets between its checkpoints and the partitions' ends
 * @param entries how many entries it holds, other people's included
 * @param bytes what they take
 * @param limitBytes what it may take
 * @param evictions how many entries it evicted since it started
 * @param detail what is wrong with it, however full it is, and what helps; of one that is down, why
 */
public record NodeLag(
    String node,
    NodeState state,
    @Nullable Instant since,
    @Nullable Double filled,
    @Nullable Duration left,
    @Nullable Duration checkpointAge,
    @Nullable Long behindRecordsAtMost,
    @Nullable Long entries,
    @Nullable Long bytes,
    @Nullable Long limitBytes,
    @Nullable Long evictions,
    @Nullable String detail) {

  /** The state in words: {@code FILLING 63 %, about 2 s left}. */
  public String standing() {
    StringBuilder words = new StringBuilder(state.words());
    Double part = filled;
    if (part != null) {
      // Rounded down: 100 % would be no fill any more.
      words.append(' ').append((int) Math.min(99, part * 100)).append(" %");
    }
    Duration rest = left;
    if (rest != null) {
      words.append(", about ").append(Spent.roughly(rest)).append(" left");
    }
    Instant begin = since;
    if (begin != null) {
      words.append(" since ").append(begin.truncatedTo(ChronoUnit.SECONDS));
    }
    return words.toString();
  }
}
