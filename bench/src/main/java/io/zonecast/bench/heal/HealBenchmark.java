package io.zonecast.bench.heal;

import io.zonecast.bench.measure.Finding;
import io.zonecast.bench.measure.Grid;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.pool.CheckpointWatch;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.pool.ZonecastProcess;
import io.zonecast.bench.table.BenchTable;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.PublishedTable;
import io.zonecast.bench.table.RowBytes;
import io.zonecast.bench.updates.Latencies;
import io.zonecast.bench.updates.Prober;
import io.zonecast.bench.updates.Update;
import io.zonecast.bench.updates.UpdateStream;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.Servers;
import io.zonecast.sink.verify.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Two nodes, a sink in a process of its own and a steady stream of updates; then one node is
 * killed, flushed, cut off. How soon it holds every row again, and what the other node's readers
 * notice of it.
 *
 * <p>The first node is reached directly. Only the second one, which is cut off, stands behind a
 * link: a sink cannot tell its own former connections apart through one, and waits longer.
 */
public final class HealBenchmark {
  private static final String[] NODE_OPTIONS = {"-m", "1024"};
  private static final int DIRECT = 0;
  private static final int LINKED = 1;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The sink's code is interpreted at first: its latency then is not what is asked for. */
  private static final Duration WARM_UP = Duration.ofSeconds(45);

  private static final Duration BESIDE = Duration.ofSeconds(10);

  private static final long MARGIN_NANOS = Duration.ofMillis(500).toNanos();

  private static final double NOTICED_SECONDS = 2;
  private static final double FULL_SECONDS = 5;

  /** Two p99 of the same quiet pool differ by as much. */
  private static final double UNMOVED = 1.5;

  private final BenchTable table;
  private final int updatesPerSecond;
  private final ZonecastCommand command;
  private final Consumer<String> progress;

  /**
   * Makes the benchmark.
   *
   * @param progress told a line for each step
   */
  public HealBenchmark(
      BenchTable table, int updatesPerSecond, ZonecastCommand command, Consumer<String> progress) {
    this.table = table;
    this.updatesPerSecond = updatesPerSecond;
    this.command = command;
    this.progress = progress;
  }

  /** Runs it and adds what it found to {@code report}. */
  public void run(Report report) throws Exception {
    Servers servers = Servers.shared();
    try (KafkaBroker broker = servers.broker(BrokerSettings.DEFAULT.withHeap("512m"));
        MemcachedNode first = servers.memcached(NODE_OPTIONS);
        MemcachedNode second = servers.memcached(NODE_OPTIONS)) {
      BenchTopic topic = PublishedTable.of(broker.bootstrapServers(), "bench-zones", table);
      BenchPool pool =
          new BenchPool(topic, "bench-heal", List.of(first.direct().address(), second.address()));
      List<MemcachedNode> nodes = List.of(first, second);
      List<Healing> healings = new ArrayList<>();
      try (ZonecastProcess sink = ZonecastProcess.sink(command, pool, "the sink");
          Prober probeFirst = new Prober(first.direct(), BenchPool.PREFIX);
          Prober probeSecond = new Prober(second.direct(), BenchPool.PREFIX);
          UpdateStream updates = stream(pool, List.of(probeFirst, probeSecond))) {
        for (MemcachedNode node : nodes) {
          new CheckpointWatch(node.direct(), pool).awaitFull(topic.ends(), LIMIT);
        }
        List<Prober> probers = List.of(probeFirst, probeSecond);
        probers.forEach(Prober::start);
        updates.start();
        progress.accept("both nodes are full; warming up for " + WARM_UP.toSeconds() + " s");
        TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
        healings.add(heal(Incident.KILLED, DIRECT, pool, nodes, probers, sink));
        healings.add(heal(Incident.FLUSHED, DIRECT, pool, nodes, probers, sink));
        healings.add(heal(Incident.CUT_OFF, LINKED, pool, nodes, probers, sink));
        updates.still(() -> progress.accept("%,d updates".formatted(updates.count())));
      }
      add(healings, report);
    }
  }

  private UpdateStream stream(BenchPool pool, List<Prober> probers) {
    List<String> keys = table.keys();
    Random random = new Random(1);
    ToIntFunction<String> placement = pool.placement();
    return new UpdateStream(
        pool.topic(),
        updatesPerSecond,
        new RowBytes(),
        () -> Update.set(keys.get(random.nextInt(keys.size()))),
        (update, number, nanos) ->
            probers.get(placement.applyAsInt(update.key())).expect(update.key(), number, nanos));
  }

  private Healing heal(
      Incident incident,
      int struck,
      BenchPool pool,
      List<MemcachedNode> nodes,
      List<Prober> probers,
      ZonecastProcess sink)
      throws Exception {
    progress.accept(incident.label() + ": before");
    long from = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
    CheckpointWatch checkpoints = new CheckpointWatch(nodes.get(struck).direct(), pool);
    checkpoints.remember();

    progress.accept(incident.label());
    Instant struckAt = Instant.now();
    long strike = System.nanoTime();
    incident.strike(nodes.get(struck));
    long back = System.nanoTime();
    CheckpointWatch.Seen seen = checkpoints.awaitFull(pool.topic().ends(), LIMIT);

    VerifyReport verified = pool.verify();
    progress.accept(
        "%s: full %d ms after it was back; verified in %d ms, %s"
            .formatted(
                incident.label(),
                TimeUnit.NANOSECONDS.toMillis(seen.fullNanos() - back),
                verified.time().toMillis(),
                verified.isEqual() ? "equal" : "NOT equal: " + verified.nodes()));
    long after = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
    long to = System.nanoTime();
    // What was sent last is still on its way.
    TimeUnit.SECONDS.sleep(1);

    // What was sent just before the strike belongs to it.
    long[] times = {from, strike - MARGIN_NANOS, seen.fullNanos(), after, to};
    String address = pool.nodes().get(struck);
    return new Healing(
        incident,
        lostAfter(sink, address, struckAt),
        Duration.ofNanos(Math.max(0, seen.noticedNanos() - back)),
        Duration.ofNanos(Math.max(0, seen.fullNanos() - back)),
        verified,
        beforeDuringAfter(probers.get(struck).latencies(), times),
        beforeDuringAfter(probers.get(1 - struck).latencies(), times));
  }

  /** The verification, which nobody has asked for, is left out of all three. */
  private static List<Latencies.Summary> beforeDuringAfter(Latencies latencies, long[] times) {
    return List.of(
        latencies.between(times[0], times[1]),
        latencies.between(times[1] + MARGIN_NANOS, times[2]),
        latencies.between(times[3], times[4]));
  }

  private static OptionalLong lostAfter(ZonecastProcess sink, String address, Instant struckAt) {
    Optional<Instant> said = sink.saidAfter(struckAt, "WARN  node=" + address);
    return said.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Duration.between(struckAt, said.get()).toMillis());
  }

  private static void add(List<Healing> healings, Report report) {
    Grid times =
        new Grid("healing", "lost, ms", "noticed, ms", "full, ms", "verify, ms", "rows", "differ");
    Grid latencies = new Grid("latency", "updates", "p50, ms", "p99, ms", "max, ms");
    for (Healing healing : healings) {
      String label = healing.incident().label();
      times.row(
          label,
          healing.lostAfterMillis().isPresent() ? healing.lostAfterMillis().getAsLong() : "-",
          healing.noticedAfter().toMillis(),
          healing.fullAfter().toMillis(),
          healing.verified().time().toMillis(),
          healing.checked(),
          healing.differences());
      add(latencies, label + ", the other node", healing.other());
      add(latencies, label + ", this node", healing.struck());
      report.add(
          Finding.atMost(label + ": noticed, s", seconds(healing.noticedAfter()), NOTICED_SECONDS));
      report.add(Finding.atMost(label + ": full, s", seconds(healing.fullAfter()), FULL_SECONDS));
      report.add(Finding.atMost(label + ": differences then", (double) healing.differences(), 0));
      report.add(
          Finding.atMost(
              label + ": other node's p99, beside before", healing.otherP99Ratio(), UNMOVED));
    }
    report.add(times);
    report.add(latencies);
  }

  private static void add(Grid grid, String label, List<Latencies.Summary> summaries) {
    String[] when = {"before", "during", "after"};
    for (int i = 0; i < when.length; i++) {
      Latencies.Summary summary = summaries.get(i);
      grid.row(
          label + ": " + when[i], summary.count(), summary.p50(), summary.p99(), summary.max());
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }
}
