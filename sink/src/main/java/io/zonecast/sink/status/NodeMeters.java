package io.zonecast.sink.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.node.NodeStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one node, as this sink sees it. What the node says of itself has the names that
 * dashboards for memcached query. What is not known is NaN, never 0.
 */
final class NodeMeters implements MeterBinder {
  private static final String LABEL = "node";

  private final String node;
  private final SinkFigures.OfNode figures;
  private final Supplier<SinkStatus> status;
  private final Clock clock;
  private volatile long lastEvictions;

  NodeMeters(String node, SinkFigures.OfNode figures, Supplier<SinkStatus> status, Clock clock) {
    this.node = node;
    this.figures = figures;
    this.status = status;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("memcached.up", () -> isUp() ? 1 : 0)
        .description("1 while this sink is connected to the node.")
        .tags(LABEL, node)
        .register(registry);
    said(
        registry,
        "memcached.current.items",
        null,
        "Entries on the node, everybody's.",
        NodeStats::entries);
    said(
        registry,
        "memcached.current",
        "bytes",
        "Memory that the node's entries take.",
        NodeStats::bytes);
    said(
        registry,
        "memcached.limit",
        "bytes",
        "Memory that the node may use for entries.",
        NodeStats::limitBytes);
    FunctionCounter.builder("memcached.items.evicted", this, NodeMeters::evictions)
        .description(
            "Entries that the node threw out for lack of memory: each may be a missing zone.")
        .tags(LABEL, node)
        .register(registry);
    for (NodeStatus.State state : NodeStatus.State.values()) {
      Gauge.builder("zonecast.node.state", () -> is(state) ? 1 : 0)
          .description("1 for the state that the node is in.")
          .tags(LABEL, node, "state", state.name())
          .register(registry);
    }
    gauge(
        registry,
        "zonecast.node.partitions.in.step",
        null,
        "Partitions of this sink that flow live to the node.",
        NodeStatus::inStep);
    gauge(
        registry,
        "zonecast.node.checkpoint.age",
        "seconds",
        "How long ago the oldest of this sink's checkpoints on the node was known to be up to date.",
        this::checkpointAge);
    gauge(
        registry,
        "zonecast.fill.progress",
        "ratio",
        "How far this sink has filled the node; 1 where nothing is to be filled.",
        its -> its.state() == NodeStatus.State.DOWN ? Double.NaN : its.fraction());
    gauge(
        registry,
        "zonecast.fill.left",
        "seconds",
        "How long the fill of the node is still going to take.",
        NodeMeters::left);
    counter(
        registry,
        "zonecast.entries.written",
        "Sets and deletes that the node has acknowledged: live, filled and swept.",
        SinkFigures.OfNode::written);
    counter(
        registry,
        "zonecast.partitions.filled",
        "Partitions filled on the node.",
        SinkFigures.OfNode::fills);
    counter(
        registry,
        "zonecast.entries.filled",
        "Sets and deletes of fills of the node.",
        SinkFigures.OfNode::filled);
    counter(
        registry,
        "zonecast.entries.swept",
        "Entries deleted from the node because the topic does not have them there.",
        SinkFigures.OfNode::swept);
  }

  private void said(
      MeterRegistry registry,
      String name,
      @Nullable String unit,
      String help,
      ToDoubleFunction<NodeStats> figure) {
    gauge(
        registry,
        name,
        unit,
        help,
        its -> {
          NodeStats stats = its.stats();
          return stats == null ? Double.NaN : figure.applyAsDouble(stats);
        });
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      @Nullable String unit,
      String help,
      ToDoubleFunction<NodeStatus> value) {
    Gauge.builder(name, () -> find().stream().mapToDouble(value).findFirst().orElse(Double.NaN))
        .baseUnit(unit)
        .description(help)
        .tags(LABEL, node)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String help,
      ToDoubleFunction<SinkFigures.OfNode> value) {
    FunctionCounter.builder(name, figures, value)
        .description(help)
        .tags(LABEL, node)
        .register(registry);
  }

  /** Empty while the sink waits for brokers or for its topic. */
  private Optional<NodeStatus> find() {
    return status.get().nodes().stream().filter(its -> its.node().equals(node)).findFirst();
  }

  private boolean isUp() {
    return find().filter(its -> its.state() != NodeStatus.State.DOWN).isPresent();
  }

  private boolean is(NodeStatus.State state) {
    return find().filter(its -> its.state() == state).isPresent();
  }

  /** A counter cannot be unknown: while the node is away, it stays where it was. */
  private long evictions() {
    find().map(NodeStatus::stats).ifPresent(stats -> lastEvictions = stats.evictions());
    return lastEvictions;
  }

  private double checkpointAge(NodeStatus its) {
    Instant checkpoint = its.checkpoint();
    return checkpoint == null
        ? Double.NaN
        : Math.max(0, Duration.between(checkpoint, clock.instant()).toMillis() / 1e3);
  }

  private static double left(NodeStatus its) {
    Duration left = its.left();
    return left == null ? Double.NaN : left.toMillis() / 1e3;
  }
}
