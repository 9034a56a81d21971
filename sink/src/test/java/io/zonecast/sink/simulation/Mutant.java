package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.SimMemcached;
import io.zonecast.sink.cache.SimMemcached.Item;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.Progress;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.poll.Ownership;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.FillSource;
import io.zonecast.sink.replay.UnfoldedFills;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The protocol without one of its parts, by another collaborator than the shipped one. A simulation
 * that does not notice the difference proves nothing.
 */
enum Mutant implements SimMemcached.Rules {
  /** The shipped protocol. */
  NONE,

  /** A checkpoint is written whatever is there. */
  PLAIN_SET {
    @Override
    public boolean mayReplace(@Nullable Item there, long cas) {
      return true;
    }
  },

  /** A checkpoint is written over any that is there. */
  REPLACE_WITHOUT_CAS {
    @Override
    public boolean mayReplace(@Nullable Item there, long cas) {
      return there != null;
    }
  },

  /** A fill sends every record in its order. */
  NO_FOLD {
    @Override
    FillSource fills(FillSource shipped, Table table) {
      return unfolded(table);
    }
  },

  /** A fill knows nothing of deletes. */
  NO_TOMBSTONES_IN_THE_FOLD {
    @Override
    boolean readsTombstones() {
      return false;
    }
  },

  /** A fill ends where the partition ended some records ago, before the claim. */
  END_BEFORE_THE_CLAIM {
    @Override
    EndOffsets ends(Table table, int partition, long notBeforeMillis) {
      return table.topic().earlierEnds(partition, 3, notBeforeMillis);
    }
  },

  /** Whoever asks owns the partition. */
  NO_PROOF {
    @Override
    Ownership ownership(Ownership shipped) {
      return new Trusting(shipped);
    }
  },

  /** A checkpoint is not lowered before something is written below it. */
  NOT_LOWERED {
    @Override
    public String stored(String key, String value, @Nullable Item there) {
      Optional<Checkpoint> before =
          there == null ? Optional.empty() : checkpoint(key, there.latin1());
      return checkpoint(key, value)
              .filter(its -> before.filter(was -> was.nextOffset() > its.nextOffset()).isPresent())
              .isPresent()
          ? before.map(was -> was.encode()).map(Mutant::latin1).orElse(value)
          : value;
    }
  },

  /** The live records take over where they are, not where the fill ended. */
  NO_STEP_BACK {
    @Override
    boolean stepsBack() {
      return false;
    }
  },

  /** The time in a checkpoint is when it was written, however far behind that is. */
  TIME_IS_NOW {
    @Override
    EndOffsets ends(Table table, int partition, long notBeforeMillis) {
      EndOffsets its = super.ends(table, partition, notBeforeMillis);
      return new EndOffsets(
          its.stable(), its.high(), its.leaderEpoch(), notBeforeMillis + FAR_AHEAD.toMillis());
    }
  },

  /** What the topic does not have is not swept. */
  NO_SWEEP {
    @Override
    public boolean lists(String key) {
      return key.startsWith("zonecast/");
    }
  },

  /** A checkpoint does not wait for what the node says of the sets before it. */
  REFUSALS_UNHEARD {
    @Override
    public boolean saysRefused() {
      return false;
    }
  },

  /** Former writers are taken for gone at once. */
  NO_SUSPECTS {
    @Override
    public boolean shows(String peer, String asker) {
      return peer.equals(asker);
    }
  },

  /** A process that slept writes on. */
  NO_LEASE {
    @Override
    Duration longestSleep() {
      return Duration.ofDays(1);
    }
  };

  private static final Duration FAR_AHEAD = Duration.ofHours(1);

  Ownership ownership(Ownership shipped) {
    return shipped;
  }

  FillSource fills(FillSource shipped, Table table) {
    return shipped;
  }

  EndOffsets ends(Table table, int partition, long notBeforeMillis) {
    return table.topic().ends(partition, notBeforeMillis);
  }

  boolean readsTombstones() {
    return true;
  }

  boolean stepsBack() {
    return true;
  }

  Duration longestSleep() {
    return Duration.ofMillis(3_500);
  }

  private static Optional<Checkpoint> checkpoint(String key, String latin1) {
    return CheckpointKey.isOne(key)
        ? Checkpoint.decode(latin1.getBytes(StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static FillSource unfolded(Table table) {
    SimTopic topic = table.topic();
    return new UnfoldedFills(
        new UnfoldedFills.Log() {
          @Override
          public List<UnfoldedFills.Row> read(int partition, long fromOffset) {
            return topic.read(partition, fromOffset, Integer.MAX_VALUE).stream()
                .map(
                    its ->
                        new UnfoldedFills.Row(
                            its.offset(),
                            table.nodeOf(its.key()),
                            its.key(),
                            its.isSet() ? String.valueOf(its.version()) : null))
                .toList();
          }

          @Override
          public Progress end(int partition) {
            return new Progress(topic.stableEnd(partition), 0, topic.epoch(partition));
          }
        });
  }

  /** Says yes to everybody, without asking the group. */
  private record Trusting(Ownership shipped) implements Ownership {
    @Override
    public CompletableFuture<Map<Integer, List<String>>> prove(
        Collection<Integer> partitions, String node, String conn) {
      return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public CompletableFuture<Boolean> hasWrittenTo(String node) {
      return shipped.hasWrittenTo(node);
    }

    @Override
    public void gone(int partition, String node, Collection<String> conns) {
      shipped.gone(partition, node, conns);
    }

    @Override
    public CompletableFuture<Joining> join(LiveLane lane) {
      return shipped.join(lane);
    }
  }
}
