package io.zonecast.sink.node;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.TombstoneLife;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.timing.Timing;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * What the keepers of all nodes share.
 *
 * @param tokens what each keeper wrote on its node down the connection that it has now: one that
 *     can be read through another node's connection shows that the two are one server
 * @param inForce since when {@code writtenWith} has been in force
 * @param statuses how every node of the pool stood a moment ago
 */
record NodeContext(
    PoolSettings pool,
    TopicAccess access,
    StartupOwnerCheck firstLooks,
    Map<NodeAddress, String> tokens,
    SettingsInForce inForce,
    Timing timing,
    NodeEvents events,
    Supplier<List<NodeStatus>> statuses) {

  Claimant us() {
    return pool.us();
  }

  TopicInfo topic() {
    return us().topic();
  }

  String group() {
    return us().group();
  }

  WrittenWith writtenWith() {
    return us().writtenWith();
  }

  /**
   * Goes on only with a checkpoint that was written as we write.
   *
   * @throws SettingsDifferException if a node's entries were written with other settings, which are
   *     not to be changed
   */
  void requireSameSettings(String node, Checkpoint there) {
    List<String> differences = writtenWith().differencesFrom(there.writtenWith());
    if (!differences.isEmpty() && !pool.changeSettings()) {
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
  PartitionPosition settled(int partition, long from, PartitionPosition reached) {
    return access
        .deadLetters()
        .firstUnwritten(partition, from)
        .filter(letter -> letter.offset() < reached.nextOffset())
        .map(
            letter ->
                new PartitionPosition(
                    letter.offset(),
                    Math.min(letter.notBeforeMillis(), reached.timeMillis()),
                    reached.leaderEpoch()))
        .orElse(reached);
  }

  TombstoneLife tombstones() {
    return TombstoneLife.in(topic());
  }

  /** The time before which deletes may have been compacted away unheard, in epoch milliseconds. */
  long tombstonesSince() {
    return tombstones().beganAt(timing.millis());
  }

  /**
   * Throws {@code thrown} if the brokers refuse a login or a right, which no retry repairs: the
   * sink ends. Causes do not count: a missing right may also be why a dead letter was not written,
   * and that stops only the letter's partition.
   */
  static void rethrowRefusal(@Nullable Throwable thrown) {
    if (thrown instanceof AuthorizationException || thrown instanceof AuthenticationException) {
      throw (ApiException) thrown;
    }
  }
}
