package io.zonecast.sink.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.zonecast.sink.SinkStatus;
import io.zonecast.sink.cache.NodeStats;
import io.zonecast.sink.lag.ElapsedTime;
import io.zonecast.sink.node.NodeStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Registers the meters of one node, as this sink sees it. The node's own statistics have the names
 * that dashboards for memcached query. An unknown value is NaN, never 0.
 */
final class NodeMeters implements MeterBinder {
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
    var meters = new Meters(registry, Tags.of("node", node));
    meters.flag("memcached.up", "1 while this sink is connected to the node.", this::isUp);
    meters.gauge(
        "memcached.current.items",
        "Entries on the node, everybody's.",
        () -> said(NodeStats::entries));
    meters.gauge(
        "memcached.current",
        "bytes",
        "Memory that the node's entries take.",
        () -> said(NodeStats::bytes));
    meters.gauge(
        "memcached.limit",
        "bytes",
        "Memory that the node may use for entries.",
        () -> said(NodeStats::limitBytes));
    meters.counter(
        "memcached.items.evicted",
        "Entries that the node threw out for lack of memory: each may be a missing zone.",
        this,
        NodeMeters::evictions);
    for (NodeStatus.State state : NodeStatus.State.values()) {
      meters
          .with("state", state.name())
          .flag("zonecast.node.state", "1 for the state that the node is in.", () -> is(state));
    }
    meters.gauge(
        "zonecast.node.partitions.in.step",
        "Partitions of this sink that flow live to the node.",
        () -> of(its -> its.lanes().inStep().size()));
    meters.gauge(
        "zonecast.node.checkpoint.age",
        "seconds",
        "How long ago the oldest of this sink's checkpoints on the node was known to be up to date.",
        () -> of(this::checkpointAge));
    meters.gauge(
        "zonecast.fill.progress",
        "ratio",
        "How far this sink has filled the node; 1 where nothing is to be filled.",
        () -> isUp() ? of(its -> its.lanes().fraction()) : Double.NaN);
    meters.gauge(
        "zonecast.fill.left",
        "seconds",
        "How long the fill of the node is still going to take.",
        () -> of(its -> Meters.seconds(its.left())));
    meters.counter(
        "zonecast.entries.written",
        "Sets and deletes that the node has acknowledged: live, filled and swept.",
        figures.written,
        LongAdder::doubleValue);
    meters.counter(
        "zonecast.partitions.filled",
        "Partitions filled on the node.",
        figures.fills,
        LongAdder::doubleValue);
    meters.counter(
        "zonecast.entries.filled",
        "Sets and deletes of fills of the node.",
        figures.filled,
        LongAdder::doubleValue);
    meters.counter(
        "zonecast.entries.swept",
        "Entries deleted from the node because the topic does not have them there.",
        figures.swept,
        LongAdder::doubleValue);
  }

  private double of(ToDoubleFunction<NodeStatus> figure) {
    return find().stream().mapToDouble(figure).findFirst().orElse(Double.NaN);
  }

  private double said(ToDoubleFunction<NodeStats> figure) {
    return find().map(NodeStatus::stats).stream()
        .mapToDouble(figure)
        .findFirst()
        .orElse(Double.NaN);
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
    Instant checkpoint = its.lanes().checkpoint();
    return Meters.seconds(
        checkpoint == null ? null : ElapsedTime.between(checkpoint, clock.instant()));
  }
}
