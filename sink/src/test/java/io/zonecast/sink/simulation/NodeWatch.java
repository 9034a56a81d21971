package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.SimMemcached;
import io.zonecast.sink.cache.SimMemcached.Cause;
import io.zonecast.sink.cache.SimMemcached.Item;
import io.zonecast.sink.cache.SimMemcached.Session;
import io.zonecast.sink.cache.SimNode;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.Suspect;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.simulation.SimTopic.Rec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Watches one node with the eyes of a reader who reads after every command, and checks the
 * invariants.
 *
 * <p>What a reader has seen of a key is a number that never falls: twice the version of a value,
 * and one more once that was deleted. A wipe, and the eviction of the key, begin anew.
 */
final class NodeWatch implements SimMemcached.Watcher {
  private static final long MENDED_WITHIN_NANOS = Duration.ofSeconds(2).toNanos();

  /** A wipe is noticed within two seconds, and what a sink says may be a second old. */
  private static final long KNOWN_WITHIN_NANOS = Duration.ofSeconds(4).toNanos();

  private final World world;
  private final SimNode node;
  private final int index;
  private final Map<String, Seen> seen = new HashMap<>();
  private final List<Seen> stale = new ArrayList<>();
  private final Map<String, Long> emptySince = new HashMap<>();

  /** Those that are there, by their keys. */
  private final Map<String, Checkpoint> checkpoints = new HashMap<>();

  /** The topic that each connection has last written a checkpoint of. */
  private final Map<String, Uuid> topicOf = new HashMap<>();

  /** Partitions with connections of the former topic's sinks that nothing names any more. */
  private final Set<String> unnamed = new HashSet<>();

  /** What readers have seen of one key. */
  private static final class Seen {
    private final String key;
    private long floor;
    private boolean evicted;
    private @Nullable Session lastWriter;
    private boolean ofAnUnnamedWriter;
    private long refusedVersion;
    private long staleSinceNanos = -1;

    private Seen(String key) {
      this.key = key;
    }

    private void forget() {
      floor = 0;
      refusedVersion = 0;
      staleSinceNanos = -1;
    }
  }

  NodeWatch(World world, SimNode node, int index) {
    this.world = world;
    this.node = node;
    this.index = index;
  }

  /** Everything is gone: readers begin anew. */
  void wiped() {
    seen.clear();
    stale.clear();
  }

  /** The topic has lost records that readers may have seen. */
  void forget(SimTable table, int partition, long lost) {
    seen.values().stream()
        .filter(its -> its.key.startsWith(table.prefix()))
        .filter(its -> its.floor >= 2 * lost)
        .filter(its -> table.topic().partitionOf(row(table, its.key)) == partition)
        .forEach(Seen::forget);
    stale.removeIf(its -> its.staleSinceNanos < 0);
  }

  /** The topic was deleted and created again, and with it went the group's commits. */
  void recreated(SimTable table) {
    for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
      if (checkpoint(table, partition).isEmpty()) {
        forgetFormerWriters(table, partition);
      }
    }
  }

  /**
   * The checkpoint is gone, and with it the connections of the former topic's sinks that the
   * group's commits do not name either: what they still have under way stays, as is documented.
   */
  private void forgetFormerWriters(SimTable table, int partition) {
    OffsetAndMetadata committed = table.group().committed().get(partition);
    topicOf.forEach(
        (conn, topicId) -> {
          if (world.tableOf(conn).equals(table)
              && !topicId.equals(table.topic().info().topicId())
              && (committed == null || !committed.metadata().contains(conn))) {
            unnamed.add(table + "/" + partition + conn);
          }
        });
  }

  private static String row(SimTable table, String key) {
    return key.substring(table.prefix().length());
  }

  @Override
  public void changed(
      @Nullable Session session,
      String key,
      @Nullable Item before,
      @Nullable Item after,
      Cause cause) {
    trace(session, key, after, cause);
    // A set that memcached refuses drops the old entry, whosever that was.
    if (session != null && cause != Cause.REFUSED) {
      requireOwn(world.tableOf(session.peer()), key, before, after);
    }
    SimTable table = world.tableWithKey(key);
    if (table != null) {
      entryChanged(table, session, key, before, after, cause);
    } else if (CheckpointKey.isOne(key)) {
      checkpointChanged(session, key, after, cause);
    }
  }

  @Override
  public void written(Session session, Duration longestSleep) {
    if (longestSleep.compareTo(SimSink.LONGEST_SLEEP) > 0) {
      throw violation(
          Invariant.SLEEPERS_WRITE_NOTHING, session + " is written to after " + longestSleep);
    }
  }

  @Override
  public void read(Session session, String key, @Nullable Item shown) {
    if (CheckpointKey.isOne(key)) {
      SimSink by = world.sinkOf(session.peer());
      boolean namesItsList =
          Optional.ofNullable(shown)
              .flatMap(item -> Checkpoint.decode(item.value()))
              .filter(its -> its.sinceMillis() != 0)
              .filter(its -> its.writtenWith().nodes().equals(by.list()))
              .isPresent();
      by.looksAt(index, key, namesItsList);
    }
  }

  @Override
  public void refused(Session session, String key, Item wanted) {
    if (world.tableWithKey(key) != null) {
      seen(key).refusedVersion = Long.parseLong(wanted.text());
    }
  }

  private void trace(@Nullable Session session, String key, @Nullable Item after, Cause cause) {
    // A token by which a server with two names is found is another in each run.
    boolean shown = after != null && !key.startsWith("zonecast/here/");
    world
        .trace()
        .line(
            "%s %s %s by %s%s",
            node, cause, key, session, shown ? " = " + after.text().replace('\n', '|') : "");
  }

  private Seen seen(String key) {
    return seen.computeIfAbsent(key, Seen::new);
  }

  private void requireOwn(SimTable by, String key, @Nullable Item before, @Nullable Item after) {
    String group = '/' + by.group().name() + '/' + by.topic().name() + '/';
    boolean own =
        key.equals(NodeOwners.KEY)
            ? keepsOthersLines(by, before, after)
            : by.equals(world.tableWithKey(key))
                || (key.startsWith("zonecast/") && key.contains(group));
    if (!own) {
      throw violation(Invariant.OTHERS_ENTRIES_STAY, by + " changes " + key);
    }
  }

  private boolean keepsOthersLines(SimTable by, @Nullable Item before, @Nullable Item after) {
    if (by.equals(world.twin())) {
      return owners(before).byPrefix().equals(owners(after).byPrefix());
    }
    NodeOwners there = owners(before).without(by.prefix());
    return there.byPrefix().equals(owners(after).without(by.prefix()).byPrefix());
  }

  private static NodeOwners owners(@Nullable Item item) {
    return item == null ? NodeOwners.NONE : NodeOwners.decode(item.value()).orElseThrow();
  }

  private void entryChanged(
      SimTable table,
      @Nullable Session session,
      String key,
      @Nullable Item before,
      @Nullable Item after,
      Cause cause) {
    Seen its = seen(key);
    its.lastWriter = session;
    int number = table.topic().partitionOf(row(table, key));
    its.ofAnUnnamedWriter =
        session != null
            && unnamed.contains(table + "/" + number + session.peer())
            && !world.sinkOf(session.peer()).writesNow(session, number);
    if (its.ofAnUnnamedWriter) {
      world.counts().count("late batch of a former topic that nothing names");
      its.forget();
      stale.remove(its);
    } else if (after != null) {
      long version = Long.parseLong(after.text());
      its.evicted = false;
      if (2 * version < its.floor) {
        boolean deleted = its.floor % 2 == 1;
        goesBack(
            table,
            its,
            2 * version,
            session,
            deleted ? Invariant.DELETED_KEYS_STAY_AWAY : Invariant.VALUES_NEVER_GO_BACK,
            key + " was at " + its.floor / 2 + (deleted ? ", deleted" : "") + ", is " + version);
      } else {
        its.floor = 2 * version;
        its.refusedVersion = 0;
        mended(its);
        if (session != null && isSuperseded(table, row(table, key), version)) {
          becomesLate(table, its, session);
        }
      }
    } else if (cause == Cause.DELETE && before != null && session != null) {
      long version = Long.parseLong(before.text());
      long tombstone = table.topic().deletedAfter(row(table, key), version);
      if (tombstone > 0) {
        boolean late = isLate(table, table.topic().partitionOf(row(table, key)), session);
        if (its.staleSinceNanos < 0) {
          its.floor = Math.max(its.floor, 2 * (late ? version : tombstone) + 1);
        } else if (!late) {
          long later = table.topic().deletedAfter(row(table, key), its.floor / 2);
          its.floor = its.floor % 2 == 1 || later == 0 ? its.floor : 2 * later + 1;
          mended(its);
        } else if (its.floor % 2 == 1 || isDeletedSince(table, its)) {
          mended(its);
        }
      } else {
        goesBack(
            table,
            its,
            0,
            session,
            Invariant.NO_DELETE_WITHOUT_A_TOMBSTONE,
            key + " is deleted at " + version);
      }
    } else if (cause == Cause.EVICTED) {
      its.forget();
      its.evicted = true;
      stale.remove(its);
    }
  }

  private void mended(Seen its) {
    if (its.staleSinceNanos >= 0) {
      long from = Math.max(its.staleSinceNanos, world.disturbedNanos());
      long nanos = Math.max(0, world.scheduler().nowNanos() - from);
      world.counts().most("longest late value in ms", Duration.ofNanos(nanos).toMillis());
      its.staleSinceNanos = -1;
      stale.remove(its);
    }
  }

  /**
   * @param floor what readers have seen from now on, if the topic itself has gone back
   */
  private void goesBack(
      SimTable table,
      Seen its,
      long floor,
      @Nullable Session session,
      Invariant invariant,
      String what) {
    int partition = table.topic().partitionOf(row(table, its.key));
    if (world.isForgiven(table, partition)) {
      its.floor = floor;
      return;
    }
    if (session == null || !isLate(table, partition, session)) {
      throw violation(invariant, what + " by " + session);
    }
    becomesLate(table, its, session);
  }

  private void becomesLate(SimTable table, Seen its, Session session) {
    int partition = table.topic().partitionOf(row(table, its.key));
    if (!world.isForgiven(table, partition) && isLate(table, partition, session)) {
      world.counts().count("late batch that readers see");
      becomesStale(its);
    }
  }

  private void becomesStale(Seen its) {
    if (its.staleSinceNanos < 0) {
      its.staleSinceNanos = world.scheduler().nowNanos();
      stale.add(its);
    }
  }

  /** Whether the checkpoint says that the node has had a later record of a row. */
  private boolean isSuperseded(SimTable table, String row, long version) {
    int partition = table.topic().partitionOf(row);
    return checkpoint(table, partition)
        .flatMap(its -> table.topic().latest(partition, row, its.nextOffset()))
        .filter(latest -> latest.version() > version)
        .isPresent();
  }

  /** Whether a connection may still have had bytes under way, as the node's checkpoint knows. */
  private boolean isLate(SimTable table, int partition, Session session) {
    Optional<Checkpoint> there = checkpoint(table, partition);
    return there.isEmpty()
        || (!there.get().conn().equals(session.peer())
            && (there.get().state() == State.FILLING
                || there.get().suspects().stream()
                    .anyMatch(suspect -> suspect.conn().equals(session.peer()))));
  }

  /** Whether, as far as the checkpoint says that the node has got, a row is rightly not there. */
  private boolean isDeletedSince(SimTable table, Seen its) {
    String row = row(table, its.key);
    int partition = table.topic().partitionOf(row);
    return checkpoint(table, partition)
        .flatMap(there -> table.topic().latest(partition, row, there.nextOffset()))
        .filter(latest -> !latest.isSet() && 2 * latest.version() >= its.floor)
        .isPresent();
  }

  /** Whether a row's partition is marked as being filled. */
  boolean isBeingFilled(String key) {
    SimTable table = world.tableWithKey(key);
    return table != null
        && checkpoint(table, table.topic().partitionOf(row(table, key)))
            .filter(its -> its.state() == State.FILLING)
            .isPresent();
  }

  private Optional<Checkpoint> checkpoint(SimTable table, int partition) {
    return Optional.ofNullable(checkpoints.get(table.checkpointKey(partition)));
  }

  /** Whether a row is rightly not there: its delete came when it was not, and changed nothing. */
  private boolean isGone(Seen its) {
    return node.server().get(its.key).isEmpty() && isDeletedSince(tableOf(its), its);
  }

  private SimTable tableOf(Seen its) {
    return Objects.requireNonNull(world.tableWithKey(its.key));
  }

  /** Called after each step. */
  void requireMended() {
    long now = world.scheduler().nowNanos();
    for (Seen its : List.copyOf(stale)) {
      if (!world.isServed(tableOf(its))) {
        its.staleSinceNanos = now;
      }
      if (now - Math.max(its.staleSinceNanos, world.disturbedNanos()) > MENDED_WITHIN_NANOS) {
        if (!isGone(its)) {
          throw violation(Invariant.LATE_VALUES_ARE_MENDED, its.key + " is still stale");
        }
        mended(its);
      }
    }
  }

  /** What sinks say of the node must not be what it was before a wipe. */
  void requireHonest(List<SimSink> sinks) {
    long now = world.scheduler().nowNanos();
    for (SimTable table : world.tables()) {
      for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
        String lane = table + "/" + partition;
        if (checkpoint(table, partition).isPresent()) {
          emptySince.remove(lane);
        } else {
          emptySince.putIfAbsent(lane, now);
        }
      }
    }
    if (emptySince.values().stream().allMatch(since -> now - since <= KNOWN_WITHIN_NANOS)) {
      return;
    }
    for (SimSink sink : sinks) {
      for (int partition : sink.saysInStep(index)) {
        String lane = sink.table() + "/" + partition;
        if (now - emptySince.getOrDefault(lane, now) > KNOWN_WITHIN_NANOS) {
          throw violation(
              Invariant.STATUS_TELLS_THE_TRUTH, sink.process() + " says that it has " + lane);
        }
      }
    }
  }

  private void checkpointChanged(
      @Nullable Session session, String key, @Nullable Item after, Cause cause) {
    Optional<Checkpoint> was = Optional.ofNullable(checkpoints.remove(key));
    if (after == null) {
      was.ifPresent(
          its -> {
            world.counts().count("checkpoint " + its.state() + " > " + cause);
            world.tables().stream()
                .filter(table -> key.equals(table.checkpointKey(its.partition())))
                .forEach(table -> forgetFormerWriters(table, its.partition()));
          });
      return;
    }
    Checkpoint is = Checkpoint.decode(after.value()).orElseThrow();
    checkpoints.put(key, is);
    world.counts().count("checkpoint " + Transitions.between(was, is));
    SimTable table = session == null ? null : world.tableOf(session.peer());
    if (session != null) {
      topicOf.put(session.peer(), is.topicId());
      SimSink by = world.sinkOf(session.peer());
      by.claims();
      if (!is.writtenWith().nodes().equals(by.list())) {
        world.claimedForAnotherList(by);
      }
    }
    // Between two looks it may have been there, and be gone again.
    emptySince.remove(table + "/" + is.partition());
    if (table != null
        && is.state() == State.LIVE
        && is.topicId().equals(table.topic().info().topicId())
        && !world.isForgiven(table, is.partition())
        && !isAClaimOfALostLog(table, was, is)) {
      requireTrue(table, is);
    }
  }

  /** Whether it promises no more than the one before, of a log that was cut off since. */
  private static boolean isAClaimOfALostLog(
      SimTable table, Optional<Checkpoint> was, Checkpoint claimed) {
    return was.filter(its -> its.progress().equals(claimed.progress())).isPresent()
        && table.topic().endOfEpoch(claimed.partition(), claimed.progress().leaderEpoch())
            < claimed.nextOffset();
  }

  /** Compares what a checkpoint promises with the entries. */
  private void requireTrue(SimTable table, Checkpoint checkpoint) {
    int partition = checkpoint.partition();
    if (checkpoint.nextOffset() > table.topic().stableEnd(partition)) {
      throw violation(
          Invariant.CHECKPOINTS_TELL_THE_TRUTH,
          "partition %d ends at %d and is at %d"
              .formatted(partition, table.topic().stableEnd(partition), checkpoint.nextOffset()));
    }
    Optional<Rec> lost = table.topic().firstNotPutAside(partition, checkpoint.nextOffset());
    if (lost.isPresent()) {
      throw violation(
          Invariant.CHECKPOINTS_TELL_THE_TRUTH,
          "partition %d is at %d, and the record at %d is no dead letter"
              .formatted(partition, checkpoint.nextOffset(), lost.get().offset()));
    }
    for (Rec record : table.topic().latest(partition, checkpoint.nextOffset()).values()) {
      Seen its = seen(table.prefix() + record.key());
      if (table.nodeOf(record.key()) != index
          || isApplied(its, record)
          || isAheadOfALetter(table, checkpoint, its, record)
          || table.topic().isCompactedAway(partition, record)) {
        continue;
      }
      if (isOfASuspect(its, checkpoint)) {
        // It was late while the node was filled, and counts as that from now on.
        its.floor = Math.max(its.floor, 2 * record.version() + (record.isSet() ? 0 : 1));
        becomesStale(its);
      } else {
        throw violation(
            Invariant.CHECKPOINTS_TELL_THE_TRUTH,
            "partition %d is at %d, and %s@%d (version %d, %s) is not applied"
                .formatted(
                    partition,
                    checkpoint.nextOffset(),
                    record.key(),
                    record.offset(),
                    record.version(),
                    record.isSet() ? "set" : "tombstone"));
      }
    }
  }

  /**
   * Whether a row is rightly gone: the checkpoint waits at a record whose letter is or was not
   * written, and the node has what lies behind it.
   */
  private boolean isAheadOfALetter(SimTable table, Checkpoint checkpoint, Seen its, Rec record) {
    boolean ahead =
        table.topic().isUnreadableAt(checkpoint.partition(), checkpoint.nextOffset())
            && node.server().get(its.key).isEmpty()
            && table.topic().deletedAfter(record.key(), record.version()) > 0;
    if (ahead) {
      world.counts().count("row that is gone behind a record without a letter");
    }
    return ahead;
  }

  /** Whether what is there came from a connection that the checkpoint says to expect it from. */
  private static boolean isOfASuspect(Seen its, Checkpoint checkpoint) {
    Session by = its.lastWriter;
    return by != null
        && checkpoint.suspects().stream().anyMatch(suspect -> suspect.conn().equals(by.peer()));
  }

  private boolean isApplied(Seen its, Rec record) {
    Optional<Item> there = node.server().get(its.key);
    if (its.ofAnUnnamedWriter) {
      return true;
    }
    if (there.isPresent()) {
      long version = Long.parseLong(there.get().text());
      return record.isSet() ? version >= record.version() : version > record.version();
    }
    return !record.isSet()
        || its.evicted
        || its.floor > 2 * record.version()
        || its.refusedVersion > record.version();
  }

  /** Where the node differs from a table, now that nothing fails any more. */
  List<String> differences(SimTable table) {
    var differences = new ArrayList<String>();
    for (int partition = 0; partition < table.topic().partitionCount(); partition++) {
      Optional<Checkpoint> checkpoint = checkpoint(table, partition);
      if (checkpoint.isEmpty() || checkpoint.get().state() != State.LIVE) {
        differences.add("%s/%d has no live checkpoint".formatted(node, partition));
      }
      for (Suspect suspect : checkpoint.map(Checkpoint::suspects).orElse(List.of())) {
        boolean own = checkpoint.orElseThrow().conn().equals(suspect.conn());
        if (own || !node.server().isConnected(suspect.conn())) {
          differences.add("%s/%d still suspects %s".formatted(node, partition, suspect.conn()));
        }
      }
      Map<String, Rec> latest = table.topic().latest(partition, table.topic().stableEnd(partition));
      for (String key : table.keys()) {
        if (table.topic().partitionOf(key) != partition) {
          continue;
        }
        Rec record = latest.get(key);
        boolean belongs = record != null && record.isSet() && table.nodeOf(key) == index;
        String wanted = belongs ? String.valueOf(record.version()) : "";
        String found = node.server().get(table.prefix() + key).map(Item::text).orElse("");
        Seen its = seen(table.prefix() + key);
        if (!wanted.equals(found) && !its.ofAnUnnamedWriter && !(found.isEmpty() && its.evicted)) {
          differences.add("%s %s is \"%s\", not \"%s\"".formatted(node, key, found, wanted));
        }
      }
    }
    return differences;
  }

  private Violation violation(Invariant invariant, String what) {
    return new Violation(invariant, node + ": " + what);
  }
}
