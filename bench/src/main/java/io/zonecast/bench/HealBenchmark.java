package io.zonecast.bench;

import io.zonecast.bench.measure.Grid;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.bench.stage.CheckpointWatch;
import io.zonecast.bench.stage.Latencies;
import io.zonecast.bench.stage.Prober;
import io.zonecast.bench.stage.RowBytes;
import io.zonecast.bench.stage.Update;
import io.zonecast.bench.stage.UpdateLoad;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.PlainClient;
import io.zonecast.sink.verify.EntryKind;
import io.zonecast.sink.verify.NodeVerification;
import io.zonecast.sink.verify.VerifyReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Two nodes, a sink in a process of its own and a steady stream of updates; then one node is
 * killed, flushed, cut off. How soon it holds every row again, and what the other node's readers
 * notice of it.
 *
 * <p>The first node is reached directly. Only the second one, which is cut off, stands behind a
 * link: a sink cannot tell its own former connections apart through one, and waits longer.
 */
record HealBenchmark(BenchTable table, int updatesPerSecond) {
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

  void run(Report report) throws Exception {
    try (KafkaBroker broker = BenchServers.broker();
        MemcachedNode first = BenchServers.linkedNode();
        MemcachedNode second = BenchServers.linkedNode()) {
      BenchTopic topic = BenchTopic.holding(table, broker.bootstrapServers(), "bench-zones");
      BenchPool pool =
          new BenchPool(topic, "bench-heal", List.of(first.direct().address(), second.address()));
      List<MemcachedNode> nodes = List.of(first, second);
      try (CommandProcess sink = pool.startSink();
          Prober probeFirst = new Prober(first.direct(), BenchPool.PREFIX);
          Prober probeSecond = new Prober(second.direct(), BenchPool.PREFIX);
          UpdateLoad updates = updates(pool, List.of(probeFirst, probeSecond))) {
        for (MemcachedNode node : nodes) {
          new CheckpointWatch(node.direct(), pool).awaitFull(topic.ends(), LIMIT);
        }
        List<Prober> probers = List.of(probeFirst, probeSecond);
        probers.forEach(Prober::start);
        updates.start();
        report.say("both nodes are full; warming up for " + WARM_UP.toSeconds() + " s");
        TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
        Stage stage = new Stage(report, pool, nodes, probers, sink);
        List<Healing> healings = new ArrayList<>();
        healings.add(stage.heal(Incident.KILLED, DIRECT));
        healings.add(stage.heal(Incident.FLUSHED, DIRECT));
        healings.add(stage.heal(Incident.CUT_OFF, LINKED));
        updates.still(() -> report.say("%,d updates".formatted(updates.count())));
        add(healings, report);
      }
    }
  }

  private UpdateLoad updates(BenchPool pool, List<Prober> probers) {
    List<String> keys = table.keys();
    Random random = new Random(1);
    ToIntFunction<String> placement = pool.placement();
    return new UpdateLoad(
        pool.topic(),
        updatesPerSecond,
        new RowBytes(),
        () -> new Update(keys.get(random.nextInt(keys.size())), false),
        (update, number, nanos) ->
            probers.get(placement.applyAsInt(update.key())).expect(update.key(), number, nanos));
  }

  /** Something bad that happens to one node. */
  private enum Incident {
    KILLED("killed"),
    FLUSHED("flushed"),
    CUT_OFF("cut off");

    private final String label;

    Incident(String label) {
      this.label = label;
    }

    /** Does it, and returns when the node is back. */
    void strike(MemcachedNode node) throws IOException, InterruptedException {
      switch (this) {
        case KILLED -> {
          node.direct().kill();
          // Long enough for the sink to wait its longest between two tries.
          TimeUnit.SECONDS.sleep(5);
          node.direct().restartEmpty();
        }
        case FLUSHED -> {
          try (PlainClient client = PlainClient.open(node.direct(), Duration.ofSeconds(1))) {
            client.flushAll();
          }
        }
        case CUT_OFF -> {
          node.link().blackHole();
          // The sink gives up on a node that is silent for two seconds.
          TimeUnit.SECONDS.sleep(30);
          node.link().forward();
        }
      }
    }
  }

  /**
   * What one incident did.
   *
   * @param lostAfter when the sink said that something was wrong with the node, from the incident's
   *     beginning, in milliseconds; - if it said nothing
   * @param noticedAfter when it had claimed the node anew, from when the node was back
   * @param fullAfter when the node held every row again, from when it was back
   * @param verified what comparing every entry with the topic said then
   * @param struck the latency of the struck node's updates: before, during and after
   * @param other the same of the other node
   */
  private record Healing(
      String label,
      Object lostAfter,
      Duration noticedAfter,
      Duration fullAfter,
      VerifyReport verified,
      List<Latencies.Summary> struck,
      List<Latencies.Summary> other) {

    /** Entries that were not as the topic has them. */
    long differences() {
      return verified.nodes().stream().mapToLong(NodeVerification::differences).sum();
    }

    long checked() {
      return verified.nodes().stream().mapToLong(node -> node.count(EntryKind.CHECKED)).sum();
    }
  }

  private record Stage(
      Report report,
      BenchPool pool,
      List<MemcachedNode> nodes,
      List<Prober> probers,
      CommandProcess sink) {

    Healing heal(Incident incident, int struck) throws Exception {
      report.say(incident.label + ": before");
      long from = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
      CheckpointWatch checkpoints = new CheckpointWatch(nodes.get(struck).direct(), pool);
      checkpoints.remember();
      report.say(incident.label);
      Instant struckAt = Instant.now();
      long strike = System.nanoTime();
      incident.strike(nodes.get(struck));
      long back = System.nanoTime();
      CheckpointWatch.Seen seen = checkpoints.awaitFull(pool.topic().ends(), LIMIT);
      VerifyReport verified = pool.verify();
      report.say(
          "%s: full %d ms after it was back; verified in %d ms, %s"
              .formatted(
                  incident.label,
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
      return new Healing(
          incident.label,
          lostAfter(pool.nodes().get(struck), struckAt),
          Duration.ofNanos(Math.max(0, seen.noticedNanos() - back)),
          Duration.ofNanos(Math.max(0, seen.fullNanos() - back)),
          verified,
          beforeDuringAfter(probers.get(struck).latencies(), times),
          beforeDuringAfter(probers.get(1 - struck).latencies(), times));
    }

    /** By the sink's log, whose lines begin with their time. */
    private Object lostAfter(String address, Instant struckAt) {
      Optional<Long> millis =
          sink.errors().stream()
              .filter(line -> line.contains("WARN  node=" + address))
              .map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' '))).toInstant())
              .filter(time -> !time.isBefore(struckAt))
              .map(time -> Duration.between(struckAt, time).toMillis())
              .findFirst();
      return millis.isPresent() ? millis.get() : "-";
    }
  }

  /** Latencies before, during and after the fill; the time of the verification is in none. */
  private static List<Latencies.Summary> beforeDuringAfter(Latencies latencies, long[] times) {
    return List.of(
        latencies.between(times[0], times[1]),
        latencies.between(times[1] + MARGIN_NANOS, times[2]),
        latencies.between(times[3], times[4]));
  }

  private static void add(List<Healing> healings, Report report) {
    Grid times =
        report.grid(
            "healing", "lost, ms", "noticed, ms", "full, ms", "verify, ms", "rows", "differ");
    Grid latencies = report.grid("latency", "updates", "p50, ms", "p99, ms", "max, ms");
    for (Healing healing : healings) {
      String label = healing.label;
      times.row(
          label,
          healing.lostAfter,
          healing.noticedAfter.toMillis(),
          healing.fullAfter.toMillis(),
          healing.verified.time().toMillis(),
          healing.checked(),
          healing.differences());
      add(latencies, label + ", the other node", healing.other);
      add(latencies, label + ", this node", healing.struck);
      report.atMost(label + ": noticed, s", seconds(healing.noticedAfter), NOTICED_SECONDS);
      report.atMost(label + ": full, s", seconds(healing.fullAfter), FULL_SECONDS);
      report.atMost(label + ": differences then", (double) healing.differences(), 0);
      report.atMost(
          label + ": other node's p99, beside before",
          healing.other.get(1).p99() / healing.other.get(0).p99(),
          UNMOVED);
    }
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
