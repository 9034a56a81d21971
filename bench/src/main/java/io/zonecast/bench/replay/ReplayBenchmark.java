package io.zonecast.bench.replay;

import io.zonecast.bench.measure.Contest;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Result;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.LinkProxy;
import io.zonecast.sandbox.MemcachedNode;
import io.zonecast.sandbox.MemcachedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Filling an empty node from the topic, beside what the node takes at most and what others do.
 *
 * @param largeTable at least ten times as large; without rows: left out
 * @param cold whether cold processes are measured too
 */
public record ReplayBenchmark(
    BenchTable table, BenchTable largeTable, Contest contest, boolean cold) {
  private static final Duration ROUND_TRIP = Duration.ofMillis(10);

  /** Runs it and adds what it found to {@code report}. */
  public void run(Report report) throws Exception {
    try (KafkaBroker broker = BenchServers.broker()) {
      String brokers = broker.bootstrapServers();
      BenchTopic topic = BenchTopic.holding(table, brokers, "bench-zones");
      double seconds = sideBySide(report, new FillRun(topic, table.rows()));
      atADistance(report, new FillRun(topic, table.rows()), seconds);
      if (largeTable.rows() > 0) {
        BenchTopic large = BenchTopic.holding(largeTable, brokers, "bench-zones-large");
        large(report, new FillRun(large, largeTable.rows()), seconds);
      }
    }
  }

  private double sideBySide(Report report, FillRun replay) throws Exception {
    try (MemcachedServer ceilings = BenchServers.node();
        MemcachedServer ours = BenchServers.node();
        MemcachedServer others = BenchServers.node();
        MemcachedServer colds = BenchServers.node()) {
      Ceiling ceiling = new Ceiling(ceilings, recorded(replay.topic(), ceilings));
      try (BenchSink sink = filled(replay.topic(), ours)) {
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(ceiling.contestant());
        contestants.add(replay.warm("our replay, warm", ours, sink));
        contestants.add(ClientLoop.ofXMemcached(others, table));
        contestants.add(ClientLoop.ofSpymemcached(others, table));
        if (cold) {
          contestants.add(replay.cold("our replay, cold process", colds, "", new AtomicLong()));
        }
        List<Result> results = contest.run(report, contestants.toArray(Contestant[]::new));
        double most = results.get(0).seconds();
        double warm = results.get(1).seconds();
        report.atLeast("warm replay, rate beside the ceiling's", most / warm, 0.9);
        if (cold) {
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
            contest.run(
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
    int rows = replay.rows();
    try (MemcachedServer node = BenchServers.node();
        BenchSink sink = filled(replay.topic(), node)) {
      Contestant warm = replay.warm("our replay, %,d rows, warm".formatted(rows), node, sink);
      double perRow = contest.run(report, warm).get(0).seconds() / rows;
      report.atMost("ten times the rows, times as long", 10 * perRow * table.rows() / seconds, 11);
    }
    if (cold) {
      try (MemcachedServer node = BenchServers.node()) {
        AtomicLong peak = new AtomicLong();
        String name = "our replay, %,d rows, cold, -Xmx256m".formatted(rows);
        contest.run(report, replay.cold(name, node, "-Xmx256m", peak));
        report.atMost(
            "%,d rows, -Xmx256m: megabytes resident".formatted(rows),
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

  /** What our sink sends to an empty node, in its order. */
  private QuietSets recorded(BenchTopic topic, MemcachedServer node) throws InterruptedException {
    try (LinkProxy link = LinkProxy.start(node.host(), node.port())) {
      link.startRecording();
      try (BenchSink sink = new BenchSink(topic, link.address())) {
        sink.awaitFilled(FillRun.LIMIT);
        QuietSets sets = QuietSets.in(link.busiestRecord());
        if (sets.count() != table.rows()) {
          throw new IllegalStateException(
              "the sink sent %,d sets, the topic has %,d live keys"
                  .formatted(sets.count(), table.rows()));
        }
        return sets;
      }
    }
  }
}
