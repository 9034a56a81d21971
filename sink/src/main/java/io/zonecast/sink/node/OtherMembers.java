package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointStore;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.Suspect;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Looks, on one node, at what the group's other members write with. Two that keep different lists
 * of nodes would each put its partitions' keys where the other's readers do not look, and sweep and
 * fill the other's at every rebalance: the one whose settings are not the latest put in force has
 * to stop.
 *
 * <p>A member without a connection to the node is none: it was killed, and its partitions will be
 * someone's who writes with something else.
 */
final class OtherMembers {
  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

  private final NodeContext context;
  private final NodeConnection connection;
  private final SuspectWatch connected;
  private final List<String> checkpoints;
  private long lastLookNanos;

  OtherMembers(NodeContext context, NodeConnection connection, SuspectWatch connected) {
    this.context = context;
    this.connection = connection;
    this.connected = connected;
    this.lastLookNanos = context.timing().nanoTime() - LOOK_EVERY_NANOS;
    this.checkpoints = context.us().checkpointKeys();
  }

  /**
   * Looks, if it is time to: first of all on a new connection, so that the settings' time is known
   * before anything is claimed.
   *
   * @throws SettingsDifferException if another member has put other settings in force after ours
   */
  void lookWhenDue() throws IOException {
    long now = context.timing().nanoTime();
    if (now - lastLookNanos < LOOK_EVERY_NANOS) {
      return;
    }
    lastLookNanos = now;
    List<Checkpoint> found = new CheckpointStore(connection).read(checkpoints);
    context.inForce().learn(found);
    for (Checkpoint there : found) {
      if (isAnothers(there) && context.inForce().areOlderThan(there) && isConnected(there)) {
        throw SettingsDifferException.newerElsewhere(
            connection.address().toString(),
            there.partition(),
            there.conn(),
            connection.localAddress(),
            context.writtenWith().allDifferencesFrom(there.writtenWith()));
      }
    }
  }

  private boolean isAnothers(Checkpoint there) {
    return there.topicId().equals(context.topic().topicId())
        && !there.conn().equals(Checkpoint.RELEASED)
        && !there.conn().equals(connection.localAddress());
  }

  private boolean isConnected(Checkpoint there) throws IOException {
    List<Suspect> member = List.of(new Suspect(there.conn(), 0, 0));
    connected.watch(member);
    return !connected.stillThere(member).isEmpty();
  }
}
