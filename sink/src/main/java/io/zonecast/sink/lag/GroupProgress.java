package io.zonecast.sink.lag;

import io.zonecast.sink.lag.GroupSample.At;
import io.zonecast.sink.lag.UnappliedRecords.Unapplied;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Computes the lag of each partition of a group, in records and in seconds, from two samples and
 * the records between them. If the group was not watched, both are the same sample.
 *
 * @param waiting the committed records from the first look's offsets on
 * @param held the records, committed or not, from the last stable offset on
 * @param filling the partitions with a fill under way. The group commits none of a partition while
 *     no node has it, so that an offset that stands still is no stall
 * @param waitingAtARecord the partitions that wait on a node, at a record that cannot be read yet
 */
record GroupProgress(
    GroupSample first,
    GroupSample last,
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
    At at = last.at(partition);
    Unapplied found = found(partition);
    PartitionState state = state(partition);
    return new PartitionLag(
        partition.partition(),
        new PartitionLag.Offsets(at.committed(), at.end(), rate(partition)),
        atMost(at, found),
        counted && found != null && found.complete() ? Long.valueOf(found.waiting()) : null,
        behindFor(state == PartitionState.HELD ? held.get(partition) : found, now),
        state,
        member,
        state == PartitionState.HELD ? holder : null);
  }

  private Duration watched() {
    return Duration.ofNanos(last.nanos() - first.nanos());
  }

  /** What waits on {@code partition}; null if that is unknown. */
  private @Nullable Unapplied found(TopicPartition partition) {
    At at = last.at(partition);
    Long next = at.next();
    if (next == null) {
      return at.isEmpty() ? Unapplied.NOTHING : null;
    }
    return next >= at.stable() ? Unapplied.NOTHING : waiting.get(partition);
  }

  private static @Nullable Long atMost(At at, @Nullable Unapplied found) {
    Long next = at.next();
    if (next == null) {
      return at.isEmpty() ? Long.valueOf(0) : null;
    }
    boolean onlyMarkers = found != null && found.none() && at.stable() == at.end();
    return onlyMarkers ? 0 : at.end() - next;
  }

  private static @Nullable Duration behindFor(@Nullable Unapplied found, Instant now) {
    if (found == null) {
      return null;
    }
    Instant oldest = found.oldest();
    if (oldest == null) {
      return found.complete() ? Duration.ZERO : null;
    }
    return ElapsedTime.between(oldest, now);
  }

  private @Nullable Double rate(TopicPartition partition) {
    Long from = first.at(partition).next();
    Long to = last.at(partition).next();
    return watched().isZero() || from == null || to == null
        ? null
        : Double.valueOf((to - from) * 1e9 / watched().toNanos());
  }

  private PartitionState state(TopicPartition partition) {
    if (waitingAtARecord.contains(partition)) {
      return PartitionState.STALLED;
    }
    At at = last.at(partition);
    Long next = at.next();
    if (next == null) {
      if (at.isEmpty()) {
        return PartitionState.CAUGHT_UP;
      }
      if (filling.contains(partition)) {
        return PartitionState.CATCHING_UP;
      }
      return watched().isZero() ? PartitionState.UNKNOWN : PartitionState.STALLED;
    }
    Unapplied found = found(partition);
    if (found != null && found.none()) {
      return at.stable() < at.end() ? PartitionState.HELD : PartitionState.CAUGHT_UP;
    }
    if (watched().isZero()) {
      // No member is there to move it.
      return PartitionState.STALLED;
    }
    if (next >= first.at(partition).stable()) {
      // All that was there two seconds ago is applied: it keeps pace with what is written.
      return PartitionState.CAUGHT_UP;
    }
    Long before = first.at(partition).next();
    return before == null || next > before || filling.contains(partition)
        ? PartitionState.CATCHING_UP
        : PartitionState.STALLED;
  }

  /**
   * How long the slowest partition without a fill still needs. It goes by records, not by offsets:
   * on a compacted topic, the first 20 of 101 records took the offset 99 % of the way. If there
   * were too many records to read, offsets replace those not read. Zero if no partition waits; null
   * if one does not move.
   */
  @Nullable Duration left() {
    Duration longest = Duration.ZERO;
    for (TopicPartition partition : last.partitions().keySet()) {
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
    At at = last.at(partition);
    Long next = at.next();
    return found.complete() || next == null
        ? found.waiting()
        : Math.max(found.waiting(), at.stable() - next);
  }
}
