package io.zonecast.bench;

import io.zonecast.bench.measure.Benchmark;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Report.Grid;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.bench.stage.CheckpointWatch;
import io.zonecast.bench.stage.Latencies;
import io.zonecast.bench.stage.Prober;
import io.zonecast.bench.stage.RowBytes;
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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Kills, flushes and cuts off one of two nodes under a steady stream of updates, with a sink as its
 * own process. Measures how soon the node holds every row again, and how the latency of the other
 * node's updates changes.
 *
 * <p>The first node is reached directly. Only the second one, which is cut off, is behind a link:
 * through a link a sink cannot tell its own former connections apart, and waits longer.
 */
@Command(
    name = "heal",
    description =
        "A node is killed, flushed, cut off under live updates: how soon it is full again.")
public final class HealBenchmark extends Benchmark {
  private static final int DIRECT = 0;
  private static final int LINKED = 1;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The sink's code is interpreted at first, and its latency is not typical. */
  private static final Duration WARM_UP = Duration.ofSeconds(45);

  private static final Duration BESIDE = Duration.ofSeconds(10);

  private static final long MARGIN_NANOS = Duration.ofMillis(500).toNanos();

  private static final double NOTICED_SECONDS = 2;
  private static final double FULL_SECONDS = 5;

  /** Two p99 of the same quiet pool differ by as much. */
  private static final double UNMOVED = 1.5;

  @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows = BenchTable.ROWS_OF_A_CARRIER;

  @Option(
      names = "--updates-per-second",
      paramLabel = "N",
      description = "How many rows change meanwhile (${DEFAULT-VALUE}).")
  private int updatesPerSecond = 1_000;

  @Override
  protected void run(Report report) throws Exception {
    BenchTable table = new BenchTable(rows);
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
          UpdateLoad updates = updates(pool, table.keys(), List.of(probeFirst, probeSecond))) {
        for (MemcachedNode node : nodes) {
          new CheckpointWatch(node.direct(), pool).awaitFull(topic.ends(), LIMIT);
        }
        List<Prober> probers = List.of(probeFirst, probeSecond);
        probers.forEach(Prober::start);
        updates.start();
        report.say("both nodes are full; warming up for " + WARM_UP.toSeconds() + " s");
        TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
        Stage stage =
            new Stage(
                report,
                report.grid(
                    "healing",
                    "lost, ms",
                    "noticed, ms",
                    "full, ms",
                    "verify, ms",
                    "rows",
                    "differ"),
                report.grid("latency", "updates", "p50, ms", "p99, ms", "max, ms"),
                pool,
                nodes,
                probers,
                sink);
        stage.heal(Incident.KILLED, DIRECT);
        stage.heal(Incident.FLUSHED, DIRECT);
        stage.heal(Incident.CUT_OFF, LINKED);
        updates.still(() -> report.say("%,d updates".formatted(updates.count())));
      }
    }
  }

  private UpdateLoad updates(BenchPool pool, List<String> keys, List<Prober> probers) {
    Random random = new Random(1);
    ToIntFunction<String> placement = pool.placement();
    return new UpdateLoad(
        pool.topic(),
        updatesPerSecond,
        new RowBytes(),
        () -> new UpdateLoad.Update(keys.get(random.nextInt(keys.size())), false),
        (update, number, nanos) ->
            probers.get(placement.applyAsInt(update.key())).expect(update.key(), number, nanos));
  }

  /** A fault of one node. */
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

  /** Where one incident after the other happens, and the tables that take what each did. */
  private record Stage(
      Report report,
      Grid times,
      Grid latencies,
      BenchPool pool,
      List<MemcachedNode> nodes,
      List<Prober> probers,
      CommandProcess sink) {

    void heal(Incident incident, int struck) throws Exception {
      String label = incident.label;
      report.say(label + ": before");
      long from = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
      CheckpointWatch checkpoints = new CheckpointWatch(nodes.get(struck).direct(), pool);
      checkpoints.remember();
      report.say(label);
      Instant struckAt = Instant.now();
      long strike = System.nanoTime();
      incident.strike(nodes.get(struck));
      long back = System.nanoTime();
      CheckpointWatch.Seen seen = checkpoints.awaitFull(pool.topic().ends(), LIMIT);
      long noticedMillis = millis(seen.noticedNanos() - back);
      long fullMillis = millis(seen.fullNanos() - back);
      VerifyReport verified = pool.verify();
      report.say(
          "%s: full %d ms after it was back; verified in %d ms, %s"
              .formatted(
                  label,
                  fullMillis,
                  verified.time().toMillis(),
                  verified.isEqual() ? "equal" : "NOT equal: " + verified.nodes()));
      long after = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(BESIDE.toNanos());
      long to = System.nanoTime();
      // What was sent last is still on its way.
      TimeUnit.SECONDS.sleep(1);
      List<NodeVerification> entries = verified.nodes();
      long differences = entries.stream().mapToLong(NodeVerification::differences).sum();
      times.row(
          label,
          lostAfter(pool.nodes().get(struck), struckAt),
          noticedMillis,
          fullMillis,
          verified.time().toMillis(),
          entries.stream().mapToLong(node -> node.count(EntryKind.CHECKED)).sum(),
          differences);
      // What was sent just before the strike belongs to it.
      long[] moments = {from, strike - MARGIN_NANOS, seen.fullNanos(), after, to};
      List<Latencies.Summary> other = addLatencies(label + ", the other node", 1 - struck, moments);
      addLatencies(label + ", this node", struck, moments);
      report.atMost(label + ": noticed, s", noticedMillis / 1e3, NOTICED_SECONDS);
      report.atMost(label + ": full, s", fullMillis / 1e3, FULL_SECONDS);
      report.atMost(label + ": differences then", (double) differences, 0);
      report.atMost(
          label + ": other node's p99, beside before",
          other.get(1).p99() / other.get(0).p99(),
          UNMOVED);
    }

    private static long millis(long nanos) {
      return TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos));
    }

    /** Latencies before, during and after the fill; the time of the verification is in none. */
    private List<Latencies.Summary> addLatencies(String label, int node, long[] moments) {
      Latencies of = probers.get(node).latencies();
      List<Latencies.Summary> summaries =
          List.of(
              of.between(moments[0], moments[1]),
              of.between(moments[1] + MARGIN_NANOS, moments[2]),
              of.between(moments[3], moments[4]));
      String[] when = {"before", "during", "after"};
      for (int i = 0; i < when.length; i++) {
        Latencies.Summary it = summaries.get(i);
        latencies.row(label + ": " + when[i], it.count(), it.p50(), it.p99(), it.max());
      }
      return summaries;
    }

    /**
     * When the sink said that something was wrong with the node, in milliseconds from the strike; -
     * if it said nothing. By its log, whose lines begin with their time.
     */
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
}
