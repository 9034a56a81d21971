package io.zonecast.sink.simulation;

import io.zonecast.schemas.KeyPartition;
import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.replay.EndOffsets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A compacted topic: partitions with transactions, leader epochs, compaction and truncation, and
 * beside them the truth: every committed record of each key, which compaction does not touch.
 */
final class SimTopic {
  /** The least that a sink takes. */
  static final Duration DELETE_RETENTION = Duration.ofMinutes(2);

  /** For so long a new leader writes to its first segment, which is not cleaned meanwhile. */
  private static final Duration SEGMENT = Duration.ofSeconds(20);

  private static final String UNREADABLE = "unreadable";

  private final String name;
  private final LongSupplier clockMillis;

  /** The versions of the records that are dead letters. */
  private final Set<Long> putAside = new HashSet<>();

  private List<Partition> partitions = new ArrayList<>();
  private Uuid id = Uuid.ZERO_UUID;
  private long lastVersion;
  private long incarnations;
  private @Nullable Transaction open;

  SimTopic(String name, int partitions, LongSupplier clockMillis) {
    this.name = name;
    this.clockMillis = clockMillis;
    create(partitions);
  }

  /** A transaction; its records are visible once it is committed. */
  static final class Transaction {
    private boolean committed;
    private final Set<Integer> partitions = new HashSet<>();
  }

  /**
   * A record.
   *
   * @param version rises with each record of the topic, also over a recreation
   * @param isSet false for a tombstone
   */
  record Rec(
      long offset,
      String key,
      long version,
      boolean isSet,
      long timestampMillis,
      int epoch,
      @Nullable Transaction transaction) {
    boolean isVisible() {
      return transaction == null || transaction.committed;
    }

    /** Whether no sink can ever apply it: its key is no row's. */
    boolean isUnreadable() {
      return key.equals(UNREADABLE);
    }
  }

  private record EpochStart(int epoch, long offset) {}

  private static final class Partition {
    private List<Rec> log = new ArrayList<>();
    private final List<Rec> truth = new ArrayList<>();

    /** Where records stand, or stood before they were cleaned away, that no sink can apply. */
    private final Set<Long> unreadable = new HashSet<>();

    private final List<EpochStart> epochs = new ArrayList<>(List.of(new EpochStart(0, 0)));
    private long end;
    private long openFrom = Long.MAX_VALUE;
    private long cutOffMillis;
    private long cleanedTo;

    long epochStart() {
      return epochs.get(epochs.size() - 1).offset;
    }

    int epoch() {
      return epochs.get(epochs.size() - 1).epoch;
    }

    long stableEnd() {
      return Math.min(openFrom, end);
    }

    /** Where the first record at or after an offset stands in the log. */
    int indexOf(long offset) {
      int low = 0;
      int high = log.size();
      while (low < high) {
        int middle = (low + high) / 2;
        if (log.get(middle).offset < offset) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  String name() {
    return name;
  }

  int partitionCount() {
    return partitions.size();
  }

  TopicInfo info() {
    return new TopicInfo("cluster", name, id, partitions.size(), DELETE_RETENTION);
  }

  int partitionOf(String key) {
    return KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), partitions.size());
  }

  private void create(int count) {
    incarnations++;
    id = new Uuid(name.hashCode(), incarnations);
    open = null;
    partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(new Partition());
    }
  }

  /** Whether a reader finds a row, and not only deletes. */
  boolean hasRows() {
    return partitions.stream()
        .anyMatch(
            its ->
                its.log.stream()
                    .anyMatch(
                        r ->
                            r.isSet
                                && !r.isUnreadable()
                                && r.isVisible()
                                && r.offset < its.stableEnd()));
  }

  /** Appends a record, to the open transaction if there is one. */
  Rec append(String key, boolean isSet) {
    int number = partitionOf(key);
    Rec record = append(number, key, isSet);
    partitions.get(number).truth.add(record);
    return record;
  }

  /** Appends a record that no sink can ever apply. */
  Rec appendUnreadable(int number) {
    Rec record = append(number, UNREADABLE, true);
    partitions.get(number).unreadable.add(record.offset);
    return record;
  }

  boolean isUnreadableAt(int partition, long offset) {
    return partitions.get(partition).unreadable.contains(offset);
  }

  /** A record has become a dead letter. */
  void putAside(long version) {
    putAside.add(version);
  }

  /** The first record below an offset that can never be applied and is no dead letter. */
  Optional<Rec> firstNotPutAside(int partition, long below) {
    return partitions.get(partition).log.stream()
        .filter(its -> its.isUnreadable() && its.offset < below && its.isVisible())
        .filter(its -> !putAside.contains(its.version))
        .findFirst();
  }

  private Rec append(int number, String key, boolean isSet) {
    Partition partition = partitions.get(number);
    var record =
        new Rec(
            partition.end++,
            key,
            ++lastVersion,
            isSet,
            clockMillis.getAsLong(),
            partition.epoch(),
            open);
    partition.log.add(record);
    if (open != null && open.partitions.add(number)) {
      partition.openFrom = record.offset;
    }
    return record;
  }

  boolean isInTransaction() {
    return open != null;
  }

  void begin() {
    open = new Transaction();
  }

  /** Ends the open transaction: a marker takes an offset of each of its partitions. */
  void end(boolean commits) {
    Transaction ending = open;
    if (ending == null) {
      return;
    }
    ending.committed = commits;
    ending.partitions.forEach(number -> partitions.get(number).end++);
    partitions.forEach(
        partition -> {
          partition.openFrom = Long.MAX_VALUE;
          partition.log.removeIf(r -> r.transaction == ending && !commits);
          partition.truth.removeIf(r -> r.transaction == ending && !commits);
        });
    open = null;
  }

  /**
   * Cleans a partition up to an offset, as a broker's cleaner does at the latest: what a later
   * record has superseded goes, and so do tombstones older than they have to live.
   *
   * @return how many records went, and how many tombstones among them
   */
  int[] compact(int number, long upTo) {
    Partition partition = partitions.get(number);
    long boundary = Math.min(upTo, partition.stableEnd());
    if (clockMillis.getAsLong() < partition.cutOffMillis + SEGMENT.toMillis()) {
      boundary = Math.min(boundary, partition.epochStart());
    }
    long below = boundary;
    Map<String, Long> latest = new HashMap<>();
    partition.log.stream().filter(r -> r.offset < below).forEach(r -> latest.put(r.key, r.offset));
    long oldest = clockMillis.getAsLong() - DELETE_RETENTION.toMillis();
    var kept = new ArrayList<Rec>();
    int tombstones = 0;
    for (Rec record : partition.log) {
      boolean superseded =
          record.offset < below && !Long.valueOf(record.offset).equals(latest.get(record.key));
      boolean expired = record.offset < below && !record.isSet && record.timestampMillis < oldest;
      if (superseded || expired) {
        tombstones += superseded ? 0 : 1;
      } else {
        kept.add(record);
      }
    }
    int gone = partition.log.size() - kept.size();
    partition.log = kept;
    partition.cleanedTo = Math.max(partition.cleanedTo, below);
    return new int[] {gone, tombstones};
  }

  /**
   * A leader that lacked the last records is elected.
   *
   * @return the version of the first that is lost; 0 if that was not possible
   */
  long truncate(int number, int records) {
    Partition partition = partitions.get(number);
    int from = partition.truth.size() - records;
    if (from < 1
        || partition.truth.subList(from, partition.truth.size()).stream()
            .anyMatch(r -> r.transaction != null)) {
      return 0;
    }
    long lost = partition.truth.get(from).version;
    long end = partition.truth.get(from).offset;
    if (end < partition.cleanedTo) {
      // What has superseded another record is on every replica before that is cleaned away.
      return 0;
    }
    partition.truth.removeIf(r -> r.offset >= end);
    partition.log.removeIf(r -> r.offset >= end);
    partition.unreadable.removeIf(offset -> offset >= end);
    int epoch = partition.epoch() + 1;
    partition.epochs.removeIf(start -> start.offset >= end);
    partition.epochs.add(new EpochStart(epoch, end));
    partition.end = end;
    partition.cutOffMillis = clockMillis.getAsLong();
    return lost;
  }

  /** Deletes the topic, makes it again, and publishes the rows anew that it had. */
  void recreate() {
    end(true);
    Map<String, Boolean> rows = new TreeMap<>();
    partitions.forEach(its -> its.truth.forEach(r -> rows.put(r.key, r.isSet)));
    create(partitions.size());
    rows.forEach(
        (key, isSet) -> {
          if (isSet) {
            append(key, true);
          }
        });
  }

  long end(int partition) {
    return partitions.get(partition).end;
  }

  long stableEnd(int partition) {
    return partitions.get(partition).stableEnd();
  }

  /** The ends as they were so many records ago. */
  EndOffsets earlierEnds(int partition, long records, long notBeforeMillis) {
    EndOffsets now = ends(partition, notBeforeMillis);
    return new EndOffsets(
        Math.max(0, now.stable() - records), now.high(), now.leaderEpoch(), notBeforeMillis);
  }

  EndOffsets ends(int partition, long notBeforeMillis) {
    Partition its = partitions.get(partition);
    return new EndOffsets(its.stableEnd(), its.end, Optional.of(its.epoch()), notBeforeMillis);
  }

  int epoch(int partition) {
    return partitions.get(partition).epoch();
  }

  /** Of the leader that wrote an offset, be it a record or the end of a transaction. */
  int epochAt(int partition, long offset) {
    int epoch = 0;
    for (EpochStart start : partitions.get(partition).epochs) {
      epoch = start.offset <= offset ? start.epoch : epoch;
    }
    return epoch;
  }

  /** How far a log that was followed under an epoch is the same as this one. */
  long endOfEpoch(int partition, int epoch) {
    Partition its = partitions.get(partition);
    for (EpochStart start : its.epochs) {
      if (start.epoch > epoch) {
        return start.offset;
      }
    }
    return its.end;
  }

  /** The committed records in {@code [from, the last stable offset)}, as far as they go. */
  List<Rec> read(int partition, long from, int most) {
    Partition its = partitions.get(partition);
    long stable = its.stableEnd();
    var found = new ArrayList<Rec>();
    for (int i = its.indexOf(from); i < its.log.size() && found.size() < most; i++) {
      Rec record = its.log.get(i);
      if (record.offset < stable && record.isVisible()) {
        found.add(record);
      }
    }
    return found;
  }

  /**
   * The version of the first tombstone of a key after a version; that version itself if the topic
   * does not know it, and 0 if the key was not deleted since.
   */
  long deletedAfter(String key, long version) {
    boolean known = false;
    for (Rec record : partitions.get(partitionOf(key)).truth) {
      if (record.key.equals(key)) {
        if (record.version > version && !record.isSet && record.isVisible()) {
          return record.version;
        }
        known |= record.version == version;
      }
    }
    return known ? 0 : version;
  }

  /** Whether compaction has taken a record, since a later one has superseded it. */
  boolean isCompactedAway(int partition, Rec record) {
    Partition its = partitions.get(partition);
    int index = its.indexOf(record.offset);
    boolean there = index < its.log.size() && its.log.get(index).offset == record.offset;
    return !there
        && its.truth.stream()
            .anyMatch(
                later ->
                    later.key.equals(record.key)
                        && later.offset > record.offset
                        && later.isVisible());
  }

  /** The last committed record of a key below an offset, whatever compaction has taken. */
  Optional<Rec> latest(int partition, String key, long below) {
    List<Rec> truth = partitions.get(partition).truth;
    for (int i = truth.size() - 1; i >= 0; i--) {
      Rec record = truth.get(i);
      if (record.offset < below && record.key.equals(key) && record.isVisible()) {
        return Optional.of(record);
      }
    }
    return Optional.empty();
  }

  /** By key, the last committed record below an offset, whatever compaction has taken. */
  Map<String, Rec> latest(int partition, long below) {
    Map<String, Rec> latest = new TreeMap<>();
    for (Rec record : partitions.get(partition).truth) {
      if (record.offset < below && record.isVisible()) {
        latest.put(record.key, record);
      }
    }
    return latest;
  }
}
