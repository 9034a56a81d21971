package io.zonecast.sink.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonecast.schemas.TopicInfo;
import io.zonecast.schemas.wire.RowDecoder;
import io.zonecast.sink.cache.ConnectionSettings;
import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.SetManyResult;
import io.zonecast.sink.cache.SimLink;
import io.zonecast.sink.cache.SimMemcached;
import io.zonecast.sink.cache.SimNetwork;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import io.zonecast.sink.checkpoint.TombstoneLife;
import io.zonecast.sink.checkpoint.WrittenWith;
import io.zonecast.sink.deadletter.DeadLetters;
import io.zonecast.sink.entry.EntryReader;
import io.zonecast.sink.entry.ValueFormat;
import io.zonecast.sink.node.NodeEvents;
import io.zonecast.sink.node.NodeKeepers;
import io.zonecast.sink.node.NodeStatus;
import io.zonecast.sink.node.PhaseWatch;
import io.zonecast.sink.node.PoolSettings;
import io.zonecast.sink.node.TopicAccess;
import io.zonecast.sink.owner.Claimant;
import io.zonecast.sink.owner.OwnerCheck;
import io.zonecast.sink.poll.Lease;
import io.zonecast.sink.poll.PollLoop;
import io.zonecast.sink.poll.ReadableRowCheck;
import io.zonecast.sink.replay.EndOffsets;
import io.zonecast.sink.replay.FoldMemory;
import io.zonecast.sink.replay.Replay;
import io.zonecast.sink.timing.SimProcess;
import io.zonecast.sink.timing.Timing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One simulated sink process: the shipped classes, put together as a sink's session does. */
final class SimSink implements NodeEvents {
  /** How long a sleep may be before the connections of before write nothing more. */
  static final Duration LONGEST_SLEEP = Duration.ofMillis(3_500);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(2);
  private static final int ENDS_EVERY_CHECKS = 10;
  private static final long FOLD_BYTES = 64L << 20;

  private final World world;
  private final Mutant mutant;
  private final SimTable table;
  private final boolean canRead;
  private final List<NodeAddress> nodes;
  private final long startedMillis;
  private final SimProcess process;
  private final SimNetwork network;
  private final ConnectionSettings connections;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private @Nullable PollLoop pollLoop;
  private @Nullable NodeKeepers nodeKeepers;
  private @Nullable Throwable failure;
  private boolean ended;
  private final Set<String> lookedAt = new HashSet<>();
  private final Map<Integer, Boolean> foundItsList = new HashMap<>();
  private boolean hasClaimed;
  private long endedNanos = Long.MAX_VALUE;

  /**
   * @param nodes its list of nodes, in its order
   * @param canRead whether it has its registry, without which it can read no row
   */
  SimSink(
      World world,
      SimTable table,
      List<NodeAddress> nodes,
      String name,
      String host,
      boolean canRead) {
    this.world = world;
    this.mutant = world.mutant();
    this.table = table;
    this.canRead = canRead;
    this.nodes = nodes;
    this.process = new SimProcess(world.scheduler(), name);
    this.startedMillis = process.millis();
    this.network = new SimNetwork(process, host, world::nextPort, world.nodesByAddress());
    this.connections = ConnectionSettings.DEFAULT.over(network);
  }

  SimTable table() {
    return table;
  }

  SimProcess process() {
    return process;
  }

  /** Its list of nodes, as checkpoints name it. */
  List<String> list() {
    return nodes.stream().map(NodeAddress::toString).toList();
  }

  long startedMillis() {
    return startedMillis;
  }

  /**
   * It asks a node for a checkpoint. Its first look at all of a node's, before it claims any, tells
   * it since when its list is used.
   */
  void looksAt(int node, String checkpoint, boolean namesItsList) {
    if (!hasClaimed && lookedAt.add(node + " " + checkpoint)) {
      foundItsList.merge(node, namesItsList, Boolean::logicalOr);
    }
  }

  void claims() {
    hasClaimed = true;
  }

  /**
   * Whether each node where it looked before it claimed anything named its list: if only one does,
   * what it takes over depends on which answers first.
   */
  boolean foundItsList() {
    return !foundItsList.containsValue(false);
  }

  Set<Integer> assigned() {
    return pollLoop == null || hasEnded() ? Set.of() : pollLoop.assigned();
  }

  List<SimLink> links() {
    return network.links();
  }

  /**
   * Whether what comes on a connection is its: it keeps the partition, and has not given the
   * connection up. Of one that sleeps nobody knows.
   */
  boolean writesNow(SimMemcached.Session session, int partition) {
    return !process.isFrozen()
        && assigned().contains(partition)
        && links().stream().anyMatch(link -> link.session() == session);
  }

  /** Why the process ended by itself; null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  boolean hasEnded() {
    return ended || process.isDead();
  }

  /** The partitions that it says are in step on a node; one that is stopped says nothing. */
  Collection<Integer> saysInStep(int node) {
    if (nodeKeepers == null || pollLoop == null || closing.isDone() || process.isFrozen()) {
      return List.of();
    }
    Set<Integer> assigned = pollLoop.assigned();
    return nodeKeepers.statuses().stream()
            .anyMatch(
                its ->
                    its.node().equals(nodes.get(node).toString())
                        && its.state() == NodeStatus.State.IN_STEP
                        && its.lanes().inStep().containsAll(assigned))
        ? assigned
        : List.of();
  }

  boolean canRead() {
    return canRead;
  }

  boolean isStopping() {
    return closing.isDone();
  }

  void start() {
    process.start("main", this::run);
  }

  /** Asks it to end in good order. */
  void stop() {
    closing.complete(null);
    if (pollLoop != null) {
      pollLoop.close();
    }
  }

  /** Ends it at once. */
  void kill() {
    endedNanos = Math.min(endedNanos, process.nanoTime());
    process.kill();
    network.die();
  }

  private void run() {
    try {
      while (!closing.isDone()) {
        try (var session = new Session(table.topic().info())) {
          session.run();
        } catch (RetriableException e) {
          world.trace().line("%s begins again: %s", process, e.getMessage());
        }
        process.await(closing::isDone, RETRY_AFTER);
      }
    } catch (InterruptedException | InterruptException e) {
      world.trace().line("%s is gone", process);
    } catch (RuntimeException e) {
      if (!process.isDead()) {
        failure = e;
        world.trace().line("%s ends: %s", process, e.getMessage());
        if (e instanceof SettingsDifferException) {
          world.counts().count("sink ends for a newer list");
          requireANewerOne();
        }
      }
    } finally {
      ended = true;
      endedNanos = Math.min(endedNanos, process.nanoTime());
    }
  }

  /** Another's list ends a sink only if that one is connected, or was a moment ago. */
  private void requireANewerOne() {
    long justNow = process.nanoTime() - Duration.ofMillis(200).toNanos();
    if (world.everySink().stream()
        .noneMatch(
            other ->
                other.table.equals(table)
                    && !other.nodes.equals(nodes)
                    && (other.endedNanos > justNow || other.isConnected()))) {
      world
          .scheduler()
          .fail(
              new Violation(
                  Invariant.NEWEST_LIST_STAYS, process + " ends for one that is not there"));
    }
  }

  /** Whether a node still lists it. */
  private boolean isConnected() {
    return world.nodes().stream()
        .anyMatch(node -> node.server().peers().stream().anyMatch(p -> world.sinkOf(p) == this));
  }

  @Override
  public void filled(String node, int partition, long nextOffset, long entries, long nanos) {
    world.trace().line("%s filled %s/%s up to %s", process, node, partition, nextOffset);
  }

  @Override
  public void swept(String node, int partition, long entries) {
    world.counts().count("sweep with orphans");
  }

  @Override
  public void took(String node, SetManyResult result, int entries, long nanos) {}

  @Override
  public void changed(NodeStatus before, NodeStatus now) {
    world.trace().line("%s %s is %s %s", process, now.node(), now.state(), now.detail());
  }

  @Override
  public String toString() {
    return process.toString();
  }

  /** A sink's life with one incarnation of its topic. */
  private final class Session implements AutoCloseable {
    private final TopicInfo topic;
    private final DeadLetters deadLetters;
    private final PollLoop loop;
    private final Lease lease = new Lease(world.mutant().longestSleep(), process);
    private final Replay replay;
    private final NodeKeepers keepers;
    private final ReadableRowCheck firstRow;
    private Timing.@Nullable Worker checks;
    private Map<Integer, EndOffsets> ends = Map.of();

    Session(TopicInfo topic) {
      this.topic = topic;
      var writtenWith =
          new WrittenWith(
              table.prefix(),
              ValueFormat.ZONE.optionName(),
              0,
              "modulo",
              nodes.stream().map(NodeAddress::toString).toList());
      this.deadLetters =
          new DeadLetters(
              topic,
              table.group().name(),
              this::reader,
              () -> new SimProducer(world, process, table.topic()).asProducer(),
              (partition, records, firstOffset, reason) ->
                  world.counts().count("record is put aside"),
              process);
      EntryReader liveReader = entries();
      this.firstRow =
          new ReadableRowCheck(topic.name(), topic.partitions(), this::reader, liveReader);
      this.loop =
          new PollLoop(
              topic.name(),
              new SimConsumer(process, table.topic(), table.group(), mutant).asConsumer(),
              mutant.unread(firstRow),
              liveReader,
              deadLetters,
              writtenWith,
              (entries, oldest) -> {},
              process);
      this.replay =
          new Replay(
              topic.name(),
              this::reader,
              entries(),
              this::ends,
              deadLetters,
              new FoldMemory(FOLD_BYTES),
              this::fail,
              process);
      var us = new Claimant(topic, table.group().name(), writtenWith);
      this.keepers =
          new NodeKeepers(
              new PoolSettings(
                  nodes, us, new OwnerCheck(us, connections, List::of), false, false, connections),
              new TopicAccess(
                  mutant.ownership(loop),
                  lease,
                  mutant.fills(replay, table),
                  deadLetters,
                  () -> ends),
              process,
              SimSink.this,
              this::fail);
      keepers.listeners().forEach(loop::addKeeper);
      pollLoop = loop;
      nodeKeepers = keepers;
      var phases = new PhaseWatch(keepers, its -> world.counts().count("phase " + its));
      process.beforeEachWait(phases::look);
    }

    private Consumer<ByteBuffer, ByteBuffer> reader() {
      return new SimConsumer(process, table.topic(), null, mutant).asConsumer();
    }

    private EntryReader entries() {
      return new EntryReader(
          topic.partitions(), table.prefix(), ValueFormat.ZONE, table.placement(), decoder());
    }

    private RowDecoder decoder() {
      return (value, row) -> {
        if (!canRead) {
          throw new TimeoutException("the registry does not answer");
        }
        String[] parts = UTF_8.decode(value.duplicate()).toString().split(":", -1);
        row.carrier().set(parts[0]);
        row.origin().set(parts[1]);
        row.destination().set(parts[2]);
        row.zone().set(parts[3]);
      };
    }

    private Map<Integer, EndOffsets> ends(Collection<Integer> partitions) {
      long notBefore = process.millis() - TombstoneLife.in(topic).clockAllowance().toMillis();
      try {
        process.sleep(Duration.ofMillis(1));
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
      Map<Integer, EndOffsets> found = new HashMap<>();
      partitions.forEach(its -> found.put(its, mutant.ends(table, its, notBefore)));
      return found;
    }

    void run() {
      lease.start();
      replay.start();
      keepers.start();
      checks = process.start("checks", this::check);
      if (!closing.isDone()) {
        loop.run();
      }
      if (failure instanceof RuntimeException unchecked) {
        throw unchecked;
      }
    }

    /** The topic may be another, and the ends are asked for now and then. */
    private void check() {
      try {
        for (int i = 1; ; i++) {
          process.sleep(CHECK_EVERY);
          if (!table.topic().info().topicId().equals(topic.topicId())) {
            world.trace().line("%s sees another topic", process);
            loop.close();
          }
          if (i % ENDS_EVERY_CHECKS == 0) {
            ends = ends(loop.assigned());
          }
        }
      } catch (InterruptedException | InterruptException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void fail(Throwable cause) {
      if (failure == null && !process.isDead()) {
        failure = cause;
      }
      loop.close();
    }

    @Override
    public void close() {
      if (checks != null) {
        checks.end();
      }
      keepers.close();
      replay.close();
      lease.close();
      firstRow.close();
      deadLetters.close();
    }
  }
}
