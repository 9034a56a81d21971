package io.zonecast.sink.node;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.Progress;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.Ownership;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.FillSource;
import io.zonecast.sink.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the keepers of all nodes share.
 *
 * @param us whose sink this is, and what it writes with
 * @param changeSettings whether entries written with other settings are to be replaced
 * @param inForce since when {@code writtenWith} has been in force
 * @param strictMemory whether a node that is too small for its share is not filled at all
 * @param ends where the partitions ended when last asked, for the time in the checkpoints
 * @param pool how every node of the pool stood a moment ago
 */
record NodeContext(
    Claimant us,
    PoolOwners owners,
    ConnectionSettings connections,
    SettingsInForce inForce,
    boolean changeSettings,
    boolean strictMemory,
    Ownership ownership,
    Lease lease,
    FillSource fills,
    DeadLetters deadLetters,
    Supplier<Map<Integer, EndOffsets>> ends,
    Timing timing,
    NodeEvents events,
    Supplier<List<NodeStatus>> pool) {

  /** Part of the time for which tombstones live that clocks may differ by, and at most a minute. */
  private static final int CLOCK_SHARE = 20;

  TopicInfo topic() {
    return us.topic();
  }

  String group() {
    return us.group();
  }

  WrittenWith writtenWith() {
    return us.writtenWith();
  }

  /**
   * Goes on only with a checkpoint that was written as we write.
   *
   * @throws SettingsDifferException if a node's entries were written with other settings, which are
   *     not to be changed
   */
  void requireSameSettings(String node, Checkpoint there) {
    List<String> differences = writtenWith().differencesFrom(there.writtenWith());
    if (!differences.isEmpty() && !changeSettings) {
      throw new SettingsDifferException(node, differences);
    }
  }

  String checkpointKey(int partition) {
    return CheckpointKey.of(group(), topic().name(), partition);
  }

  /**
   * How far a checkpoint may say that a node has got, which has applied all from {@code from} to
   * {@code reached}: no further than the first record there whose dead letter is not written.
   */
  Progress settled(int partition, long from, Progress reached) {
    return deadLetters
        .firstUnwritten(partition, from)
        .filter(letter -> letter.offset() < reached.nextOffset())
        .map(
            letter ->
                new Progress(
                    letter.offset(),
                    Math.min(letter.notBeforeMillis(), reached.timeMillis()),
                    reached.leaderEpoch()))
        .orElse(reached);
  }

  Duration clockAllowance() {
    return clockAllowance(topic());
  }

  static Duration clockAllowance(TopicInfo topic) {
    Duration share = topic.deleteRetention().dividedBy(CLOCK_SHARE);
    Duration most = Duration.ofMinutes(1);
    return share.compareTo(most) < 0 ? share : most;
  }

  /** Whether a delete at or after this time may have been compacted away unheard. */
  boolean deletesMayBeMissed(long timeMillis) {
    // Not added to the time: tombstones may live for ever, in as many milliseconds as a long has.
    return timing.millis() - timeMillis
        > topic().deleteRetention().minus(clockAllowance()).toMillis();
  }

  /** Whether a tombstone that was written so long ago is still there. */
  boolean tombstonesOutlive(long nanos) {
    return topic().deleteRetention().minus(clockAllowance()).compareTo(Duration.ofNanos(nanos)) > 0;
  }
}
