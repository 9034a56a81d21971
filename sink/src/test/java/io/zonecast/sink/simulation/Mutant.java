package io.zonecast.sink.simulation;

import io.zonecast.sink.cache.SimMemcached.Item;
import io.zonecast.sink.cache.SimMemcached.Rules;
import io.zonecast.sink.cache.SimNode;
import io.zonecast.sink.checkpoint.Checkpoint;
import io.zonecast.sink.checkpoint.Checkpoint.State;
import io.zonecast.sink.checkpoint.CheckpointKey;
import io.zonecast.sink.checkpoint.PartitionPosition;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.owner.NodeOwners;
import io.zonecast.sink.poll.KeeperRequests;
import io.zonecast.sink.poll.LiveLane;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.FillSource;
import io.zonecast.sink.replay.UnfoldedFills;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protocol without one of its parts, by another collaborator than the shipped one. A simulation
 * that does not notice the difference proves nothing.
 */
enum Mutant implements Rules {
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
    FillSource fills(FillSource shipped, SimTable table) {
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
    EndOffsets ends(SimTable table, int partition, long notBeforeMillis) {
      return table.topic().earlierEnds(partition, 3, notBeforeMillis);
    }
  },

  /** Whoever asks owns the partition. */
  NO_PROOF {
    @Override
    KeeperRequests ownership(KeeperRequests shipped) {
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
    EndOffsets ends(SimTable table, int partition, long notBeforeMillis) {
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

  /** A checkpoint does not wait until the dead letters before it are written. */
  LETTERS_NOT_AWAITED {
    @Override
    boolean awaitsLetters() {
      return false;
    }
  },

  /** Former writers are taken for gone at once. */
  NO_SUSPECTS {
    @Override
    Rules at(World world, SimNode node) {
      return new Rules() {
        @Override
        public boolean shows(String peer, String asker) {
          // Members with another list, which are no suspects, are looked for in the same list.
          return peer.equals(asker)
              || !world.sinkOf(peer).list().equals(world.sinkOf(asker).list());
        }
      };
    }
  },

  /** A fill leaves no marker before it begins. */
  NO_MARKER {
    @Override
    public boolean keeps(String key, String value) {
      return checkpoint(key, value).filter(its -> its.state() == State.FILLING).isEmpty();
    }
  },

  /** A fill adds what is not there, and leaves what is. */
  ADD_IN_A_FILL {
    @Override
    Rules at(World world, SimNode node) {
      return new Rules() {
        @Override
        public String stored(String key, String value, @Nullable Item there) {
          return there != null && world.watchOf(node).isBeingFilled(key) ? there.latin1() : value;
        }
      };
    }
  },

  /** A record that was refused is sent again by itself. */
  LONE_RESEND {
    @Override
    public boolean resends() {
      return true;
    }
  },

  /** A connection that breaks is healed, with all that was under way on it. */
  TOKENS_OUTLIVE_A_CONNECTION {
    @Override
    public boolean heals() {
      return true;
    }
  },

  /** No sink checks who owns a node: a sink of another topic takes it for its own. */
  OWNER_NOT_CHECKED {
    @Override
    Rules at(World world, SimNode node) {
      return new Rules() {
        @Override
        public String shown(String key, String value, String asker) {
          return key.equals(NodeOwners.KEY) && world.tableOf(asker).equals(world.twin())
              ? value.replace(" topic=zones group=sinks ", " topic=twins group=twins ")
              : value;
        }
      };
    }
  },

  /** A sink suspects its own connection, as any other that a checkpoint names. */
  SUSPECTS_ITSELF {
    @Override
    public String shown(String key, String value, String asker) {
      return CheckpointKey.isOne(key)
          ? value
              .replace("suspects=" + asker + '@', "suspects=" + alias(asker) + '@')
              .replace(',' + asker + '@', ',' + alias(asker) + '@')
          : value;
    }

    @Override
    public List<String> aliases(String asker) {
      return List.of(alias(asker));
    }
  },

  /** A sink begins although it can read no row. */
  NO_FIRST_ROW {
    @Override
    Supplier<Map<Integer, WaitNote>> unread(Supplier<Map<Integer, WaitNote>> shipped) {
      return Map::of;
    }
  },

  /** After a change of leader a fill goes on from the suspects' offset, as under the same one. */
  NO_FILL_AFTER_A_LEADER_CHANGE {
    @Override
    Rules at(World world, SimNode node) {
      return new Rules() {
        @Override
        public String shown(String key, String value, String asker) {
          SimTopic topic = world.tableOf(asker).topic();
          return checkpoint(key, value)
              .filter(its -> its.state() == State.LIVE && !its.conn().equals(asker))
              .filter(its -> isOfTheSameLog(topic, its))
              .map(its -> value.replaceFirst("epoch=\\d+", "epoch=" + topic.epoch(its.partition())))
              .orElse(value);
        }
      };
    }

    private boolean isOfTheSameLog(SimTopic topic, Checkpoint its) {
      return its.topicId().equals(topic.info().topicId())
          && topic.endOfEpoch(its.partition(), its.progress().leaderEpoch()) >= its.nextOffset();
    }
  },

  /** No checkpoint says since when its list of nodes is used. */
  NO_SINCE {
    @Override
    public String shown(String key, String value, String asker) {
      return since(value, 0);
    }
  },

  /** A member's list is used from the time of its first claim. */
  NO_FIRST_LOOK {
    @Override
    Rules at(World world, SimNode node) {
      Map<SimSink, Long> firstClaims = new HashMap<>();
      return new Rules() {
        @Override
        public String stored(String key, String value, @Nullable Item there) {
          return checkpoint(key, value)
              .filter(its -> !its.conn().equals(Checkpoint.RELEASED))
              .map(its -> world.sinkOf(its.conn()))
              .map(
                  sink ->
                      since(value, firstClaims.computeIfAbsent(sink, s -> s.process().millis())))
              .orElse(value);
        }
      };
    }
  },

  /** A member that starts does not learn since when its list is used. */
  SINCE_NOT_INHERITED {
    @Override
    Rules at(World world, SimNode node) {
      return new Rules() {
        @Override
        public String shown(String key, String value, String asker) {
          List<String> list = world.sinkOf(asker).list();
          return checkpoint(key, value)
                  .filter(its -> its.writtenWith().nodes().equals(list))
                  .isPresent()
              ? since(value, 0)
              : value;
        }
      };
    }
  },

  /** A member that takes over from one with another list uses its own from then on. */
  SINCE_NOT_KEPT {
    @Override
    Rules at(World world, SimNode node) {
      Map<SimSink, Long> takenOver = new HashMap<>();
      return new Rules() {
        @Override
        public String stored(String key, String value, @Nullable Item there) {
          Optional<Checkpoint> is =
              checkpoint(key, value).filter(its -> !its.conn().equals(Checkpoint.RELEASED));
          if (is.isEmpty() || there == null) {
            return value;
          }
          SimSink by = world.sinkOf(is.get().conn());
          if (checkpoint(key, there.latin1())
              .filter(was -> !was.writtenWith().nodes().equals(by.list()))
              .isPresent()) {
            takenOver.put(by, by.process().millis());
          }
          Long since = takenOver.get(by);
          return since == null ? value : since(value, since);
        }
      };
    }
  },

  /** A claim of a checkpoint with another list says since when that is used. */
  CLAIM_SAYS_SINCE {
    @Override
    public String stored(String key, String value, @Nullable Item there) {
      return there == null || !value.contains(" since=-")
          ? value
          : checkpoint(key, there.latin1())
              .map(was -> since(value, Math.abs(was.sinceMillis())))
              .orElse(value);
    }
  },

  /** Every member that a checkpoint names counts as connected. */
  CONNECTED_NOT_ASKED {
    @Override
    Rules at(World world, SimNode node) {
      return new Rules() {
        @Override
        public List<String> aliases(String asker) {
          List<String> list = world.sinkOf(asker).list();
          return node.server().keys().stream()
              .flatMap(
                  key -> node.server().get(key).flatMap(i -> checkpoint(key, i.latin1())).stream())
              .filter(its -> !its.writtenWith().nodes().equals(list))
              .map(Checkpoint::conn)
              .filter(conn -> !conn.equals(Checkpoint.RELEASED))
              .filter(conn -> world.tableOf(conn).equals(world.tableOf(asker)))
              .toList();
        }
      };
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

  /** All but the shipped protocol. */
  static List<Mutant> weakened() {
    return Arrays.stream(values()).filter(its -> its != NONE).toList();
  }

  /** What one node does instead of what memcached does. */
  Rules at(World world, SimNode node) {
    return this;
  }

  Supplier<Map<Integer, WaitNote>> unread(Supplier<Map<Integer, WaitNote>> shipped) {
    return shipped;
  }

  /** Another name of the same connection, by which it does not know itself. */
  private static String alias(String conn) {
    return "other-name-of-" + conn;
  }

  KeeperRequests ownership(KeeperRequests shipped) {
    return shipped;
  }

  FillSource fills(FillSource shipped, SimTable table) {
    return shipped;
  }

  EndOffsets ends(SimTable table, int partition, long notBeforeMillis) {
    return table.topic().ends(partition, notBeforeMillis);
  }

  boolean readsTombstones() {
    return true;
  }

  boolean stepsBack() {
    return true;
  }

  boolean awaitsLetters() {
    return true;
  }

  Duration longestSleep() {
    return SimSink.LONGEST_SLEEP;
  }

  private static Optional<Checkpoint> checkpoint(String key, String latin1) {
    return CheckpointKey.isOne(key)
        ? Checkpoint.decode(latin1.getBytes(StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  private static String since(String checkpoint, long millis) {
    return checkpoint.replaceFirst(" since=-?\\d+ ", " since=" + millis + ' ');
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static FillSource unfolded(SimTable table) {
    SimTopic topic = table.topic();
    return new UnfoldedFills(
        new UnfoldedFills.Log() {
          @Override
          public List<UnfoldedFills.Row> read(int partition, long fromOffset) {
            return topic.read(partition, fromOffset, Integer.MAX_VALUE).stream()
                .filter(its -> !its.isUnreadable())
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
          public PartitionPosition end(int partition) {
            return new PartitionPosition(topic.stableEnd(partition), 0, topic.epoch(partition));
          }
        });
  }

  /** Says yes to everybody, without asking the group. */
  private record Trusting(KeeperRequests shipped) implements KeeperRequests {
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
