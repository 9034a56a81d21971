package io.zonecast.sink.node;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.NodeConnection;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.checkpoint.WaitNote;
import io.zonecast.sink.node.NodeStatus.State;
import io.zonecast.sink.poll.AssignmentListener;
import io.zonecast.sink.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one node equal to the topic, on a thread of its own, so that the trouble of one node is
 * never another's: connects, serves a {@link CheckpointProtocol} until the connection breaks, and
 * connects again.
 */
final class NodeKeeper implements AssignmentListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LAST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration IDLE_STEP = Duration.ofMillis(100);

  /** A node is asked once a second, and answers within two or is given up. */
  private static final Duration HEARSAY = Duration.ofSeconds(3);

  /** While batches are unanswered, their answers are looked for this often. */
  private static final Duration BUSY_STEP = Duration.ofMillis(1);

  private static final NodeStatus.Lanes NO_LANES = new NodeStatus.Lanes(0, Set.of(), 0, null);

  private final NodeContext context;
  private final NodeAddress address;
  private final int nodeIndex;
  private final Consumer<Throwable> fatal;
  private final NodeMemory memory;
  private final OwnerStep owner;
  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Set<Integer> assigned = new TreeSet<>();
  private Timing.@Nullable Worker running;
  private @Nullable CheckpointProtocol protocol;
  private volatile @Nullable NodeConnection connection;
  private boolean reported;
  private volatile NodeStatus status;
  private volatile long heardNanos;
  private volatile Map<Integer, WaitNote> waiting = Map.of();
  private volatile boolean closed;

  /**
   * @param nodeIndex the node's place in the pool, as placement counts
   * @param fatal hears of failures that no retry can repair
   */
  NodeKeeper(NodeContext context, NodeAddress address, int nodeIndex, Consumer<Throwable> fatal) {
    this.context = context;
    this.address = address;
    this.nodeIndex = nodeIndex;
    this.fatal = fatal;
    this.memory = new NodeMemory(context);
    this.owner = new OwnerStep(context, address);
    this.status =
        new NodeStatus(
            address.toString(),
            State.DOWN,
            context.timing().instant(),
            NO_LANES,
            null,
            null,
            "not connected yet");
  }

  void start() {
    running = context.timing().start("zonecast-node-" + address, this::run);
  }

  /**
   * How the node stood a moment ago; a node that has not answered lately is not in step, whatever
   * it was, as on a machine where this keeper's thread gets no turn. Thread-safe.
   */
  NodeStatus status() {
    NodeStatus last = status;
    Duration silent = Duration.ofNanos(context.timing().nanoTime() - heardNanos);
    return !last.lanes().inStep().isEmpty() && silent.compareTo(HEARSAY) > 0
        ? last.unheardFor(silent)
        : last;
  }

  /** The records that hold up partitions on the node. Thread-safe. */
  Map<Integer, WaitNote> waiting() {
    return waiting;
  }

  @Override
  public void assigned(Collection<Integer> partitions) {
    inbox.add(
        () -> {
          assigned.addAll(partitions);
          if (protocol != null) {
            protocol.add(partitions);
          }
        });
  }

  @Override
  public CompletableFuture<Void> released(Collection<Integer> partitions) {
    var released = new CompletableFuture<Void>();
    inbox.add(
        () -> {
          assigned.removeAll(partitions);
          memory.forget(partitions);
          try {
            if (protocol != null) {
              protocol.release(partitions);
            }
          } catch (IOException e) {
            LOG.debug("node={} partitions={} not released", address, partitions, e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            released.complete(null);
          }
        });
    return released;
  }

  @Override
  public void lost(Collection<Integer> partitions) {
    // At once, whatever the keeper's thread is waiting for.
    NodeConnection current = connection;
    if (current != null) {
      current.close();
    }
    inbox.add(
        () -> {
          assigned.removeAll(partitions);
          memory.forget(partitions);
          if (protocol != null) {
            protocol.end();
          }
        });
  }

  /** Ends the thread and the connection. Partitions still held are not released. */
  @Override
  public void close() {
    closed = true;
    if (running != null) {
      running.end();
    }
  }

  private void run() {
    Duration backoff = FIRST_BACKOFF;
    try {
      while (!closed) {
        try {
          long openedNanos = context.timing().nanoTime();
          serve();
          if (context.timing().nanoTime() - openedNanos >= LAST_BACKOFF.toNanos()) {
            // One that closes sooner, as on a node that takes no checkpoint, is no better than
            // none.
            backoff = FIRST_BACKOFF;
          }
        } catch (IOException e) {
          report(State.DOWN, e.getMessage());
          owner.unreachable();
        }
        pause(backoff);
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(LAST_BACKOFF) < 0 ? doubled : LAST_BACKOFF;
      }
    } catch (InterruptedException e) {
      LOG.debug("node={} keeper stopped", address);
    } catch (RuntimeException | Error e) {
      fatal.accept(e);
      answerUntilClosed();
    }
  }

  /**
   * The poll loop asks for our partitions before it ends, and would wait for a thread that died.
   */
  private void answerUntilClosed() {
    try {
      while (!closed) {
        answerSome();
      }
    } catch (InterruptedException e) {
      LOG.debug("node={} keeper stopped", address);
    }
  }

  private void answerSome() throws InterruptedException {
    try {
      runInbox(IDLE_STEP);
    } catch (RuntimeException | Error e) {
      // What ended the keeper may come once for each partition.
      LOG.debug("node={} keeper has ended, and met", address, e);
    }
  }

  /** One connection, from opening to its end. Returns if it had been opened. */
  private void serve() throws IOException, InterruptedException {
    NodeConnection opened =
        NodeConnection.open(
            address,
            context.pool().connections(),
            context.access().lease().forConnection(),
            (result, entries, nanos) ->
                context.events().took(address.toString(), result, entries, nanos));
    var serving = new CheckpointProtocol(context, opened, nodeIndex, owner, memory, inbox::add);
    connection = opened;
    protocol = serving;
    serving.add(assigned);
    opened.onClosed(() -> inbox.add(() -> {}));
    try {
      while (!closed && !serving.isOver()) {
        Duration wait = serving.step() ? Duration.ZERO : waitOf(serving);
        runInbox(wait);
        report(serving);
      }
      if (!closed) {
        report(State.DOWN, "the connection was closed");
      }
    } catch (IOException e) {
      report(State.DOWN, e.getMessage());
    } finally {
      protocol = null;
      serving.end();
      connection = null;
    }
  }

  private Duration waitOf(CheckpointProtocol serving) {
    return serving.lanes().stream().anyMatch(PartitionLane::awaitsAnswers) ? BUSY_STEP : IDLE_STEP;
  }

  /**
   * Runs the tasks that have come in, and waits for the first one up to a limit. After a failure
   * the rest stay queued.
   */
  private void runInbox(Duration wait) throws InterruptedException {
    Runnable next = context.timing().poll(inbox, wait);
    // No more than there is now: what runs may ask for more, and steps are to be taken in between.
    for (int left = inbox.size(); next != null; left--) {
      next.run();
      next = left > 0 ? inbox.poll() : null;
    }
  }

  private void pause(Duration backoff) throws InterruptedException {
    long until = context.timing().nanoTime() + backoff.toNanos();
    for (long left = backoff.toNanos();
        left > 0 && !closed;
        left = until - context.timing().nanoTime()) {
      runInbox(Duration.ofNanos(left));
    }
  }

  private void report(CheckpointProtocol serving) {
    Collection<PartitionLane> lanes = serving.lanes();
    Map<Integer, WaitNote> held = serving.waiting();
    waiting = held;
    String stall = serving.firstStall();
    if (stall == null) {
      stall =
          held.entrySet().stream()
              .map(its -> its.getValue().of(its.getKey()))
              .findFirst()
              .orElse(null);
    }
    String degraded = memory.degradedFor();
    Set<Integer> live =
        lanes.stream()
            .filter(PartitionLane::isLive)
            .map(PartitionLane::partition)
            .filter(partition -> !held.containsKey(partition))
            .collect(Collectors.toSet());
    double fraction = lanes.stream().mapToDouble(PartitionLane::fraction).average().orElse(1);
    var kept = new NodeStatus.Lanes(lanes.size(), live, fraction, oldest(lanes));
    State state = State.FILLING;
    if (lanes.isEmpty()) {
      state = State.IDLE;
    } else if (stall != null) {
      state = State.STALLED;
    } else if (live.size() == lanes.size()) {
      state = degraded.isEmpty() ? State.IN_STEP : State.DEGRADED;
    }
    String detail = stall != null ? stall : state == State.DEGRADED ? degraded : "";
    heardNanos = serving.heardNanos();
    Duration left = state == State.FILLING ? serving.left().orElse(null) : null;
    report(state, kept, left, memory.stats(), detail);
  }

  /** When the live lanes were last known to be up to date, the oldest of these times. */
  private static @Nullable Instant oldest(Collection<PartitionLane> lanes) {
    return lanes.stream()
        .filter(PartitionLane::isLive)
        .map(lane -> Instant.ofEpochMilli(lane.held().checkpoint().timeMillis()))
        .min(Instant::compareTo)
        .orElse(null);
  }

  private void report(State state, @Nullable String detail) {
    waiting = Map.of();
    var lanes = new NodeStatus.Lanes(assigned.size(), Set.of(), 0, null);
    report(state, lanes, null, null, detail == null ? "" : detail);
  }

  private void report(
      State state,
      NodeStatus.Lanes lanes,
      @Nullable Duration left,
      @Nullable NodeStats stats,
      String detail) {
    NodeStatus before = status;
    Instant since = before.state() == state ? before.since() : context.timing().instant();
    status = new NodeStatus(address.toString(), state, since, lanes, left, stats, detail);
    // The first is news whatever it is: a node may be down from the beginning.
    if (!reported || before.state() != state) {
      reported = true;
      context.events().changed(before, status);
    }
  }

  @Override
  public String toString() {
    return "keeper of " + address;
  }
}
