package io.zonecast.bench.faults;

import io.zonecast.bench.faults.Fault.Target;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.KafkaBroker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Injects one fault after another. What was stopped or cut off stays so during other faults, so
 * that a node may come back when another sink already has its partitions. At most one node and one
 * sink are away at a time, so that the others still work.
 */
final class Strikes {
  /** Longer than the sinks' patience with a node, 2 s, and than their session, 6 s. */
  private static final int MOST_NODE_MILLIS = 9_000;

  /** Longer than the sinks' session. */
  private static final int LEAST_SINK_MILLIS = 7_000;

  private static final int MORE_SINK_MILLIS = 2_000;
  private static final int LEAST_REST_MILLIS = 200;
  private static final int MORE_REST_MILLIS = 1_000;

  private final Random random;
  private final KafkaBroker broker;
  private final List<FaultyNode> nodes;
  private final Sinks sinks;
  private final FaultyRegistry registry;
  private final FaultJournal journal;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private final List<Lasting> lasting = new ArrayList<>();

  /**
   * A fault that lasts while others happen.
   *
   * @param target the node or the place of the sink, which has no other fault meanwhile
   * @param untilNanos when it is undone
   * @param undo ends the fault
   */
  private record Lasting(Object target, long untilNanos, Runnable undo) {}

  /**
   * @param nodes the last of which is the one behind a link
   */
  Strikes(
      Random random,
      KafkaBroker broker,
      List<FaultyNode> nodes,
      Sinks sinks,
      FaultyRegistry registry,
      FaultJournal journal) {
    this.registry = registry;
    this.random = random;
    this.broker = broker;
    this.nodes = nodes;
    this.sinks = sinks;
    this.journal = journal;
  }

  /** Rests for a moment, then injects one fault. */
  void strike() throws InterruptedException {
    rest(LEAST_REST_MILLIS + random.nextInt(MORE_REST_MILLIS));
    while (true) {
      Fault fault = Fault.any(random);
      FaultyNode node =
          nodes.get(fault.target() == Target.LINK ? nodes.size() - 1 : anyOf(nodes.size()));
      Integer sink = anyOf(sinks.count());
      if (isPossible(fault, node, sink)) {
        strike(fault, node, sink);
        done.merge(fault, 1, Integer::sum);
        return;
      }
    }
  }

  private int anyOf(int count) {
    return random.nextInt(count);
  }

  private boolean isPossible(Fault fault, FaultyNode node, Integer sink) {
    return switch (fault) {
      case FLUSH, RESTART_NODE, CUT_CONNECTIONS -> !isStruck(node);
      case FREEZE_NODE, CUT_OFF_NODE -> nodes.stream().noneMatch(this::isStruck);
      case FREEZE_SINK -> lasting.stream().noneMatch(it -> it.target() instanceof Integer);
      case KILL_SINK -> !isStruck(sink);
      case STOP_REGISTRY, FREEZE_REGISTRY, RESTART_REGISTRY -> !isStruck(registry);
      case RESTART_BROKER -> true;
    };
  }

  private boolean isStruck(Object target) {
    return lasting.stream().anyMatch(it -> it.target().equals(target));
  }

  private void strike(Fault fault, FaultyNode node, Integer place) {
    journal.note(
        switch (fault.target()) {
          case NODE, LINK -> fault.label() + ": " + node;
          case SINK -> fault.label() + ": " + sinks.get(place);
          case REGISTRY -> fault.label() + ": " + registry;
          case BROKER -> fault.label();
        });
    switch (fault) {
      case FLUSH -> node.flush();
      case RESTART_NODE -> node.restartEmpty();
      case FREEZE_NODE -> {
        node.freeze();
        lasts(node, random.nextInt(MOST_NODE_MILLIS), node::thaw);
      }
      case CUT_CONNECTIONS -> node.cutConnections();
      case CUT_OFF_NODE -> {
        node.cutOff();
        lasts(node, random.nextInt(MOST_NODE_MILLIS), node::letBack);
      }
      case KILL_SINK -> {
        sinks.replace(place);
        nodes.forEach(FaultyNode::loosen);
      }
      case FREEZE_SINK -> {
        CommandProcess frozen = sinks.get(place);
        frozen.pause();
        lasts(
            place,
            LEAST_SINK_MILLIS + random.nextInt(MORE_SINK_MILLIS),
            () -> {
              frozen.resume();
              nodes.forEach(FaultyNode::loosen);
            });
      }
      case STOP_REGISTRY -> {
        registry.stop();
        lasts(registry, random.nextInt(MOST_NODE_MILLIS), registry::start);
      }
      case FREEZE_REGISTRY -> {
        registry.freeze();
        lasts(registry, random.nextInt(MOST_NODE_MILLIS), registry::thaw);
      }
      case RESTART_REGISTRY -> {
        registry.restart();
        journal.note("another registry is there");
      }
      case RESTART_BROKER -> {
        broker.restart();
        journal.note("the broker is back");
      }
    }
  }

  private void lasts(Object target, int millis, Runnable undo) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lasting.add(new Lasting(target, until, undo));
  }

  /** Waits, and ends the faults that last no longer than that. */
  private void rest(int millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lasting.sort(Comparator.comparingLong(Lasting::untilNanos));
    while (!lasting.isEmpty() && lasting.get(0).untilNanos() - end < 0) {
      TimeUnit.NANOSECONDS.sleep(lasting.get(0).untilNanos() - System.nanoTime());
      undo(lasting.remove(0));
    }
    TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
  }

  /** Ends all faults that still last. */
  void calmDown() {
    List.copyOf(lasting).forEach(this::undo);
    lasting.clear();
  }

  private void undo(Lasting ended) {
    ended.undo().run();
    Object target = ended.target() instanceof Integer place ? sinks.get(place) : ended.target();
    journal.note("goes on: " + target);
  }

  /** How often each was done. */
  Map<Fault, Integer> done() {
    return done;
  }
}
