package io.zonecast.bench.verify;

import io.zonecast.bench.measure.Contest;
import io.zonecast.bench.measure.Finding;
import io.zonecast.bench.measure.Grid;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.pool.BenchPool;
import io.zonecast.bench.pool.CheckpointWatch;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.pool.ZonecastProcess;
import io.zonecast.bench.table.BenchTable;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.PublishedTable;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;

/** Comparing two nodes with their topic, entry by entry; then finding and mending differences. */
public final class VerifyBenchmark {
  private static final String[] NODE_OPTIONS = {"-m", "1024"};
  private static final int NODES = 2;
  private static final Duration FILL_LIMIT = Duration.ofMinutes(3);
  private static final double MOST_SECONDS = 5;
  private static final List<String> KINDS = List.of("missing", "different", "orphaned", "foreign");

  private final BenchTable table;
  private final Contest contest;
  private final ZonecastCommand command;

  public VerifyBenchmark(BenchTable table, Contest contest, ZonecastCommand command) {
    this.table = table;
    this.contest = contest;
    this.command = command;
  }

  /** Runs it and adds what it found to {@code report}. */
  public void run(Report report) throws Exception {
    try (Sandbox sandbox =
        Sandbox.start(BrokerSettings.DEFAULT.withHeap("512m"), NODES, NODE_OPTIONS)) {
      BenchTopic topic =
          PublishedTable.of(sandbox.broker().bootstrapServers(), "bench-zones", table);
      List<MemcachedServer> nodes = sandbox.memcached();
      BenchPool pool =
          new BenchPool(
              topic, "bench-verify", nodes.stream().map(MemcachedServer::address).toList());
      try (ZonecastProcess sink = ZonecastProcess.sink(command, pool, "the sink")) {
        for (MemcachedServer node : nodes) {
          new CheckpointWatch(node, pool).awaitFull(topic.ends(), FILL_LIMIT);
        }
        VerifyProcess verify = new VerifyProcess(command, pool, table.rows());
        compare(report, verify);
        mend(report, verify, pool, nodes);
        sink.requireAlive();
      }
    }
  }

  private void compare(Report report, VerifyProcess verify) throws Exception {
    List<Result> results = contest.run(List.of(verify));
    report.add(results);
    double seconds = results.get(0).seconds();
    Grid parts = new Grid("parts", "seconds");
    parts.row("reading the topic and comparing", verify.comparingSeconds());
    parts.row("starting and ending the process", seconds - verify.comparingSeconds());
    report.add(parts);
    report.add(Finding.atMost("verify, seconds", seconds, MOST_SECONDS));
  }

  private void mend(
      Report report, VerifyProcess verify, BenchPool pool, List<MemcachedServer> nodes)
      throws Exception {
    List<String> keys = new BenchTable(Math.min(table.rows(), 3 * Planted.OF_EACH_KIND)).keys();
    Planted.plant(pool, nodes, keys);
    VerifyProcess.Answer found = verify.ask("--json");
    long start = System.nanoTime();
    VerifyProcess.Answer mended = verify.ask("--repair", "--json");
    double mendSeconds = (System.nanoTime() - start) / 1e9;
    Grid differences = new Grid("differences", "planted", "found", "left");
    for (String kind : KINDS) {
      differences.row(kind, Planted.OF_EACH_KIND, found.sum(kind), mended.sum(kind));
      report.add(
          Finding.atMost(
              kind + ": planted and not found, or left",
              (double) Math.abs(Planted.OF_EACH_KIND - found.sum(kind)) + mended.sum(kind),
              0));
    }
    report.add(differences);
    Grid exits = new Grid("exits", "exit code", "seconds");
    exits.row(
        "verify, with differences", found.exitCode(), found.document().path("seconds").asDouble());
    exits.row("verify --repair, a process", mended.exitCode(), mendSeconds);
    report.add(exits);
  }
}
