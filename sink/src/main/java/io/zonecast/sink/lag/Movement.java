package io.zonecast.sink.lag;

import io.zonecast.sink.lag.UnappliedRecords.Unapplied;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Two looks at a group, and what the records between them say. The two are the same sample where
 * the group was not watched.
 *
 * @param waiting the committed records from the first look's offsets on
 * @param held the records, committed or not, from the last stable offset on
 * @param filling the partitions that a node is being brought up to date with: until it is, and
 *     where no other node is, the group commits nothing
 * @param waitingAtARecord the partitions that a node lacks something of which cannot be read yet
 */
record Movement(
    Sample first,
    Sample last,
    Map<TopicPartition, Unapplied> waiting,
    Map<TopicPartition, Unapplied> held,
    Set<TopicPartition> filling,
    Set<TopicPartition> waitingAtARecord) {
  /** Those behind for longest, then those of which least is known, then by number. */
  static final Comparator<PartitionLag> WORST_FIRST =
      Comparator.comparing(
              PartitionLag::behindFor, Comparator.nullsFirst(Comparator.reverseOrder()))
          .thenComparing(
              PartitionLag::behindRecordsAtMost, Comparator.nullsFirst(Comparator.reverseOrder()))
          .thenComparing(PartitionLag::partition);

  PartitionLag lag(
      TopicPartition partition,
      Instant now,
      @Nullable String member,
      @Nullable String holder,
      boolean counted) {
    Ends ends = last.endsOf(partition);
    Long next = last.next(partition);
    Unapplied found = found(partition);
    PartitionState state = state(partition);
    return new PartitionLag(
        partition.partition(),
        new PartitionLag.Offsets(last.committed(partition), ends.end(), rate(partition)),
        atMost(partition, next, ends, found),
        counted && found != null && found.complete() ? Long.valueOf(found.waiting()) : null,
        behindFor(state == PartitionState.HELD ? held.get(partition) : found, now),
        state,
        member,
        state == PartitionState.HELD ? holder : null);
  }

  private Duration watched() {
    return Duration.ofNanos(last.nanos() - first.nanos());
  }

  /** What waits on {@code partition}; null where that is unknown. */
  private @Nullable Unapplied found(TopicPartition partition) {
    Long next = last.next(partition);
    if (next == null) {
      return last.isEmpty(partition) ? Unapplied.NOTHING : null;
    }
    return next >= last.endsOf(partition).stable() ? Unapplied.NOTHING : waiting.get(partition);
  }

  private @Nullable Long atMost(
      TopicPartition partition, @Nullable Long next, Ends ends, @Nullable Unapplied found) {
    if (next == null) {
      return last.isEmpty(partition) ? Long.valueOf(0) : null;
    }
    boolean onlyMarkers = found != null && found.none() && ends.stable() == ends.end();
    return onlyMarkers ? 0 : ends.end() - next;
  }

  private static @Nullable Duration behindFor(@Nullable Unapplied found, Instant now) {
    if (found == null) {
      return null;
    }
    Instant oldest = found.oldest();
    if (oldest == null) {
      return found.complete() ? Duration.ZERO : null;
    }
    return Spent.between(oldest, now);
  }

  private @Nullable Double rate(TopicPartition partition) {
    Long from = first.next(partition);
    Long to = last.next(partition);
    return watched().isZero() || from == null || to == null
        ? null
        : Double.valueOf((to - from) * 1e9 / watched().toNanos());
  }

  private PartitionState state(TopicPartition partition) {
    if (waitingAtARecord.contains(partition)) {
      return PartitionState.STALLED;
    }
    Long next = last.next(partition);
    if (next == null) {
      if (last.isEmpty(partition)) {
        return PartitionState.CAUGHT_UP;
      }
      if (filling.contains(partition)) {
        return PartitionState.CATCHING_UP;
      }
      return watched().isZero() ? PartitionState.UNKNOWN : PartitionState.STALLED;
    }
    Ends ends = last.endsOf(partition);
    Unapplied found = found(partition);
    if (found != null && found.none()) {
      return ends.stable() < ends.end() ? PartitionState.HELD : PartitionState.CAUGHT_UP;
    }
    if (watched().isZero()) {
      // Nobody is there to move it.
      return PartitionState.STALLED;
    }
    if (next >= first.endsOf(partition).stable()) {
      // All that was there two seconds ago is applied: it keeps pace with what is written.
      return PartitionState.CAUGHT_UP;
    }
    Long before = first.next(partition);
    return before == null || next > before || filling.contains(partition)
        ? PartitionState.CATCHING_UP
        : PartitionState.STALLED;
  }

  /**
   * How long the slowest partition needs that no fill has in hand, by records, not by offsets: on a
   * compacted topic, the first 20 of 101 records took the offset 99 % of the way. Where the records
   * were too many to read, the offsets stand in for those not read. Zero where none waits; null
   * where a partition does not move.
   */
  @Nullable Duration left() {
    Duration longest = Duration.ZERO;
    for (TopicPartition partition : last.ends().keySet()) {
      PartitionState state = state(partition);
      if (filling.contains(partition)
          || state == PartitionState.CAUGHT_UP
          || state == PartitionState.HELD) {
        continue;
      }
      Unapplied found = found(partition);
      if (found == null || found.applied() == 0 || watched().isZero()) {
        return null;
      }
      double perNano = (double) found.applied() / watched().toNanos();
      Duration left = Duration.ofNanos((long) (remaining(partition, found) / perNano));
      longest = left.compareTo(longest) > 0 ? left : longest;
    }
    return longest;
  }

  private long remaining(TopicPartition partition, Unapplied found) {
    Long next = last.next(partition);
    return found.complete() || next == null
        ? found.waiting()
        : Math.max(found.waiting(), last.endsOf(partition).stable() - next);
  }
}
