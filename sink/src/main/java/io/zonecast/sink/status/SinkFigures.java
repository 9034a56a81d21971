package io.zonecast.sink.status;

import io.zonecast.monitor.HistogramFamily;
import io.zonecast.sink.SinkEvents;
import io.zonecast.sink.cache.MemoryVerdict;
import io.zonecast.sink.cache.SetManyResult;
import io.zonecast.sink.node.NodeStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a sink does, by adders that cost next to nothing. Outlives sessions, so that counts
 * never go down.
 */
public final class SinkFigures implements SinkEvents {
  private static final double[] BATCH_BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5
  };
  private static final double[] DELAY_BOUNDS = {
    0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600
  };
  private static final long NONE = -1;

  private final Clock clock;
  private final RecentEvents recentEvents;
  private final Map<String, OfNode> nodes = new TreeMap<>();
  private final LongAdder polled = new LongAdder();
  private final LongAdder applied = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();
  private volatile String lastDeadLetter = "";
  private final AtomicLong slowestMillis = new AtomicLong(NONE);
  private final HistogramFamily batches;
  private final HistogramFamily delays;
  private final Map<ConsumerRole, Consumer<?, ?>> consumers = new EnumMap<>(ConsumerRole.class);

  /** What is counted of one node. */
  static final class OfNode {
    /** Sets and deletes acknowledged: live ones, a fill's, a sweep's. */
    final LongAdder written = new LongAdder();

    /** Partitions filled. */
    final LongAdder fills = new LongAdder();

    /** Sets and deletes of fills. */
    final LongAdder filled = new LongAdder();

    /** Entries deleted since the topic does not have them, or they live elsewhere. */
    final LongAdder swept = new LongAdder();

    private volatile long filledBefore;
  }

  /**
   * @param labels of every meter
   * @param addresses of the nodes: what is counted is bounded by them
   */
  public SinkFigures(Map<String, String> labels, List<String> addresses, Clock clock) {
    this.clock = clock;
    this.recentEvents = new RecentEvents(clock);
    addresses.forEach(address -> nodes.put(address, new OfNode()));
    this.batches =
        new HistogramFamily(
            "zonecast_batch_seconds",
            "From handing a set-many to a node's connection until all of it was answered.",
            labels,
            List.of("node", "outcome"),
            BATCH_BOUNDS);
    this.delays =
        new HistogramFamily(
            "zonecast_delay_seconds",
            "From a live record's time in the topic until its node had acknowledged it; each record"
                + " counts with the delay of the oldest of its batch.",
            labels,
            List.of(),
            DELAY_BOUNDS);
    // So that both are there from the first scrape on, at zero.
    delays.with();
    addresses.forEach(address -> batches.with(address, "stored"));
  }

  @Override
  public void polled(int records) {
    polled.add(records);
  }

  @Override
  public void acknowledged(int entries, long oldestTimestampMillis) {
    applied.add(entries);
    // The broker's clock may be ahead of ours.
    long millis = Math.max(0, clock.millis() - oldestTimestampMillis);
    delays.with().record(Duration.ofMillis(millis), entries);
    slowestMillis.accumulateAndGet(millis, Math::max);
  }

  @Override
  public void took(String node, SetManyResult result, int entries, long nanos) {
    batches.with(node, outcome(result)).record(Duration.ofNanos(nanos));
    OfNode its = nodes.get(node);
    if (its != null && result instanceof SetManyResult.Stored) {
      its.written.add(entries);
    }
  }

  private static String outcome(SetManyResult result) {
    if (result instanceof SetManyResult.Stored) {
      return "stored";
    }
    return result instanceof SetManyResult.PartlyFailed ? "partly_failed" : "broken";
  }

  @Override
  public void filled(String node, int partition, long nextOffset, long entries, long nanos) {
    OfNode its = nodes.get(node);
    if (its != null) {
      its.fills.increment();
      its.filled.add(entries);
    }
  }

  @Override
  public void swept(String node, int partition, long entries) {
    OfNode its = nodes.get(node);
    if (its != null) {
      its.swept.add(entries);
    }
    recentEvents.add(
        Severity.PLAIN,
        "%s: %s swept from partition %d"
            .formatted(node, counted(entries, "entry", "entries"), partition));
  }

  @Override
  public void weighed(MemoryVerdict verdict, int counted, int partitions) {
    if (!verdict.fits()) {
      recentEvents.add(Severity.BAD, verdict.toString());
    }
  }

  @Override
  public void putAside(int partition, long records, long firstOffset, String reason) {
    deadLetters.add(records);
    lastDeadLetter = "partition %d, offset %d: %s".formatted(partition, firstOffset, reason);
    recentEvents.add(
        Severity.BAD,
        "Partition %d: %s dead-lettered, %s offset %d: %s"
            .formatted(
                partition,
                counted(records, "record", "records"),
                records == 1 ? "at" : "the first at",
                firstOffset,
                reason));
  }

  @Override
  public void changed(NodeStatus before, NodeStatus now) {
    OfNode its = nodes.get(now.node());
    boolean wasFilling = before.state() == NodeStatus.State.FILLING;
    boolean isLive =
        now.state() == NodeStatus.State.IN_STEP || now.state() == NodeStatus.State.DEGRADED;
    if (its != null && wasFilling && isLive) {
      long filled = its.filled.sum() - its.filledBefore;
      recentEvents.add(
          Severity.GOOD,
          "%s: filled in %s, %s"
              .formatted(
                  now.node(),
                  seconds(Duration.between(before.since(), now.since())),
                  counted(filled, "entry", "entries")));
    }
    if (its != null && now.state() != NodeStatus.State.FILLING) {
      its.filledBefore = its.filled.sum();
    }
    if (!(wasFilling && now.state() == NodeStatus.State.IN_STEP)) {
      recentEvents.add(
          severityOf(now.state()),
          "%s is %s%s"
              .formatted(
                  now.node(),
                  now.state().words(),
                  now.detail().isEmpty() ? "" : ": " + now.detail()));
    }
  }

  static Severity severityOf(NodeStatus.State state) {
    return switch (state) {
      case DOWN, STALLED, DEGRADED -> Severity.BAD;
      case FILLING -> Severity.BUSY;
      case IDLE -> Severity.PLAIN;
      case IN_STEP -> Severity.GOOD;
    };
  }

  @Override
  public void opened(ConsumerRole role, Consumer<?, ?> consumer) {
    synchronized (consumers) {
      consumers.put(role, consumer);
    }
  }

  /** The consumers that are open, or were last. */
  Map<ConsumerRole, Consumer<?, ?>> consumers() {
    synchronized (consumers) {
      return new EnumMap<>(consumers);
    }
  }

  /** Something that is not an event of the sink's, and is news all the same. */
  void note(Severity severity, String text) {
    recentEvents.add(severity, text);
  }

  List<RecentEvents.Entry> latest() {
    return recentEvents.latest();
  }

  Map<String, OfNode> nodes() {
    return nodes;
  }

  long polled() {
    return polled.sum();
  }

  long applied() {
    return applied.sum();
  }

  long deadLetters() {
    return deadLetters.sum();
  }

  /** Where the first of the last dead letters is from, and why; "" if there was none. */
  String lastDeadLetter() {
    return lastDeadLetter;
  }

  long written() {
    return nodes.values().stream().mapToLong(its -> its.written.sum()).sum();
  }

  /** The slowest live record since the last call; null if there was none. */
  @Nullable Duration takeSlowest() {
    long millis = slowestMillis.getAndSet(NONE);
    return millis == NONE ? null : Duration.ofMillis(millis);
  }

  HistogramFamily batches() {
    return batches;
  }

  HistogramFamily delays() {
    return delays;
  }

  static String counted(long number, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
  }

  /** As {@code 2.1 s}, or in whole seconds where no one cares for tenths. */
  static String seconds(Duration time) {
    double seconds = time.toMillis() / 1_000.0;
    return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }
}
