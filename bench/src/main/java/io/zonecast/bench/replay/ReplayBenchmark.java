package io.zonecast.bench.replay;

import io.zonecast.bench.measure.ContestBenchmark;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fills an empty node from the topic, beside the most that the node takes and other clients. */
@Command(
    name = "replay",
    description = "From the topic to memcached, beside what memcached takes at most.")
public final class ReplayBenchmark extends ContestBenchmark {
  private static final Duration ROUND_TRIP = Duration.ofMillis(10);

  @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows = BenchTable.ROWS_OF_A_CARRIER;

  @Option(
      names = "--large-rows",
      paramLabel = "N",
      description = "Rows of the large table; 0 leaves it out (${DEFAULT-VALUE}).")
  private int largeRows = 5_000_000;

  @Option(names = "--no-cold", description = "Leaves out what is measured in a process of its own.")
  private boolean noCold;

  @Override
  protected void run(Report report) throws Exception {
    BenchTable table = new BenchTable(rows);
    try (KafkaBroker broker = BenchServers.broker()) {
      String brokers = broker.bootstrapServers();
      BenchTopic topic = BenchTopic.holding(table, brokers, "bench-zones");
      double seconds = sideBySide(report, table, new FillRun(topic, rows));
      atADistance(report, new FillRun(topic, rows), seconds);
      if (largeRows > 0) {
        BenchTopic large =
            BenchTopic.holding(new BenchTable(largeRows), brokers, "bench-zones-large");
        large(report, new FillRun(large, largeRows), seconds);
      }
    }
  }

  private double sideBySide(Report report, BenchTable table, FillRun replay) throws Exception {
    try (MemcachedServer ceilings = BenchServers.node();
        MemcachedServer ours = BenchServers.node();
        MemcachedServer others = BenchServers.node();
        MemcachedServer colds = BenchServers.node()) {
      try (BenchSink sink = filled(replay.topic(), ours)) {
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(Ceiling.of(ceilings, table));
        contestants.add(replay.warm("our replay, warm", ours, sink));
        contestants.add(ClientLoop.ofXMemcached(others, table));
        contestants.add(ClientLoop.ofSpymemcached(others, table));
        if (!noCold) {
          contestants.add(replay.cold("our replay, cold process", colds, "", new AtomicLong()));
        }
        List<Result> results = contest(report, contestants.toArray(Contestant[]::new));
        double most = results.get(0).seconds();
        double warm = results.get(1).seconds();
        report.atLeast("warm replay, rate beside the ceiling's", most / warm, 0.9);
        if (!noCold) {
          double seconds = results.get(4).seconds();
          report.atMost("cold process, seconds", seconds, 3);
          report.atMost(
              "… where the ceiling takes 0.8 s, so on a machine that is as fast",
              seconds / most * 0.8,
              3);
        }
        return warm;
      }
    }
  }

  private void atADistance(Report report, FillRun replay, double directSeconds) throws Exception {
    try (MemcachedNode near = BenchServers.linkedNode();
        MemcachedNode far = BenchServers.linkedNode()) {
      far.link().delayRoundTrip(ROUND_TRIP);
      try (BenchSink nearSink = filled(replay.topic(), near);
          BenchSink farSink = filled(replay.topic(), far)) {
        List<Result> results =
            contest(
                report,
                replay.warm("our replay, warm, through the proxy", near, nearSink),
                replay.warm("our replay, warm, 10 ms of round trip", far, farSink));
        double there = results.get(1).seconds();
        report.atMost("10 ms of round trip, times as long", there / directSeconds, 1.2);
        report.atMost("… beside the proxy alone", there / results.get(0).seconds(), 1.2);
      }
    }
  }

  private void large(Report report, FillRun replay, double seconds) throws Exception {
    try (MemcachedServer node = BenchServers.node();
        BenchSink sink = filled(replay.topic(), node)) {
      Contestant warm = replay.warm("our replay, %,d rows, warm".formatted(largeRows), node, sink);
      double perRow = contest(report, warm).get(0).seconds() / largeRows;
      report.atMost("ten times the rows, times as long", 10 * perRow * rows / seconds, 11);
    }
    if (!noCold) {
      try (MemcachedServer node = BenchServers.node()) {
        AtomicLong peak = new AtomicLong();
        String name = "our replay, %,d rows, cold, -Xmx256m".formatted(largeRows);
        contest(report, replay.cold(name, node, "-Xmx256m", peak));
        report.atMost(
            "%,d rows, -Xmx256m: megabytes resident".formatted(largeRows),
            (double) (peak.get() >> 10),
            512);
      }
    }
  }

  /** A sink that has filled its node. */
  private static BenchSink filled(BenchTopic topic, MemcachedServer node)
      throws InterruptedException {
    BenchSink sink = new BenchSink(topic, node.address());
    sink.awaitFilled(FillRun.LIMIT);
    return sink;
  }
}
