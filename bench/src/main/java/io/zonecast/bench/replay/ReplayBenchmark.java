package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contest;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Finding;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.table.BenchTable;
import io.zonecast.bench.table.BenchTopic;
import io.zonecast.bench.table.PublishedTable;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Sandbox;
import io.zonecast.sandbox.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Filling an empty node from the topic, beside what the node takes at most and what others do. */
public final class ReplayBenchmark {
  private static final Duration ROUND_TRIP = Duration.ofMillis(10);
  private static final int XMEMCACHED_SLICE = 20_000;
  private static final int SPYMEMCACHED_SLICE = 5_000;
  private static final String[] NODE_OPTIONS = {"-m", "1024"};

  private final BenchTable table;
  private final BenchTable largeTable;
  private final Contest contest;
  private final Optional<ZonecastCommand> command;

  /**
   * Makes the benchmark.
   *
   * @param largeTable at least ten times as large; without rows: left out
   * @param command empty leaves cold processes out
   */
  public ReplayBenchmark(
      BenchTable table, BenchTable largeTable, Contest contest, Optional<ZonecastCommand> command) {
    this.table = table;
    this.largeTable = largeTable;
    this.contest = contest;
    this.command = command;
  }

  /** Runs it and adds what it found to {@code report}. */
  public void run(Report report) throws Exception {
    try (Sandbox sandbox =
        Sandbox.start(BrokerSettings.DEFAULT.withHeap("512m"), 5, NODE_OPTIONS)) {
      String bootstrapServers = sandbox.broker().bootstrapServers();
      BenchTopic topic = PublishedTable.of(bootstrapServers, "bench-zones", table);
      double seconds = sideBySide(report, topic, sandbox.memcached());
      atADistance(report, topic, seconds);
      if (largeTable.rows() > 0) {
        large(report, bootstrapServers, sandbox.memcached().get(4), seconds);
      }
    }
  }

  private double sideBySide(Report report, BenchTopic topic, List<MemcachedServer> nodes)
      throws Exception {
    QuietSets sets = recorded(topic, nodes.get(0));
    try (WarmReplay warm = new WarmReplay("our replay, warm", topic, nodes.get(1), table.rows())) {
      List<Contestant> contestants = new ArrayList<>();
      contestants.add(new Ceiling(nodes.get(0), sets));
      contestants.add(warm);
      contestants.add(ClientLoop.ofXMemcached(nodes.get(2), table, XMEMCACHED_SLICE));
      contestants.add(ClientLoop.ofSpymemcached(nodes.get(2), table, SPYMEMCACHED_SLICE));
      command.ifPresent(
          cold ->
              contestants.add(
                  new ColdReplay(
                      "our replay, cold process", cold, "", topic, nodes.get(3), table.rows())));
      List<Result> results = contest.run(contestants);
      report.add(results);
      double ceiling = results.get(0).seconds();
      double ours = results.get(1).seconds();
      report.add(Finding.atLeast("warm replay, rate beside the ceiling's", ceiling / ours, 0.9));
      if (command.isPresent()) {
        double cold = results.get(4).seconds();
        report.add(Finding.atMost("cold process, seconds", cold, 3));
        report.add(
            Finding.atMost(
                "… where the ceiling takes 0.8 s, so on a machine that is as fast",
                cold / ceiling * 0.8,
                3));
      }
      return ours;
    }
  }

  private void atADistance(Report report, BenchTopic topic, double directSeconds) throws Exception {
    try (MemcachedNode near = Servers.shared().memcached(NODE_OPTIONS);
        MemcachedNode far = Servers.shared().memcached(NODE_OPTIONS);
        WarmReplay nearReplay =
            new WarmReplay("our replay, warm, through the proxy", topic, near, table.rows());
        WarmReplay farReplay =
            new WarmReplay("our replay, warm, 10 ms of round trip", topic, far, table.rows())) {
      far.link().delayRoundTrip(ROUND_TRIP);
      List<Result> results = contest.run(List.of(nearReplay, farReplay));
      report.add(results);
      double there = results.get(1).seconds();
      report.add(Finding.atMost("10 ms of round trip, times as long", there / directSeconds, 1.2));
      report.add(Finding.atMost("… beside the proxy alone", there / results.get(0).seconds(), 1.2));
    }
  }

  private void large(Report report, String bootstrapServers, MemcachedServer node, double seconds)
      throws Exception {
    BenchTopic topic = PublishedTable.of(bootstrapServers, "bench-zones-large", largeTable);
    int rows = largeTable.rows();
    try (MemcachedServer warmNode = Servers.shared().direct(NODE_OPTIONS);
        WarmReplay warm =
            new WarmReplay("our replay, %,d rows, warm".formatted(rows), topic, warmNode, rows)) {
      List<Result> results = contest.run(List.of(warm));
      report.add(results);
      double perRow = results.get(0).seconds() / rows;
      report.add(
          Finding.atMost(
              "ten times the rows, times as long", 10 * perRow * table.rows() / seconds, 11));
    }
    if (command.isPresent()) {
      inASmallHeap(report, topic, node, command.get());
    }
  }

  private void inASmallHeap(
      Report report, BenchTopic topic, MemcachedServer node, ZonecastCommand cold)
      throws Exception {
    int rows = largeTable.rows();
    ColdReplay small =
        new ColdReplay(
            "our replay, %,d rows, cold, -Xmx256m".formatted(rows),
            cold,
            "-Xmx256m",
            topic,
            node,
            rows);
    report.add(contest.run(List.of(small)));
    report.add(
        Finding.atMost(
            "%,d rows, -Xmx256m: megabytes resident".formatted(rows),
            (double) small.peakResidentMegabytes(),
            512));
  }

  /** What our sink sends to an empty node, in its order. */
  private QuietSets recorded(BenchTopic topic, MemcachedServer node) throws InterruptedException {
    try (LinkProxy link = recording(node);
        BenchSink sink = BenchSink.start(topic, link.address())) {
      sink.fills().await(Duration.ofMinutes(1));
      QuietSets sets = QuietSets.in(link.busiestRecord());
      if (sets.count() != table.rows()) {
        throw new IllegalStateException(
            "the sink sent %,d sets, the topic has %,d live keys"
                .formatted(sets.count(), table.rows()));
      }
      return sets;
    }
  }

  private static LinkProxy recording(MemcachedServer node) {
    LinkProxy link = LinkProxy.start(node.host(), node.port());
    link.startRecording();
    return link;
  }
}
