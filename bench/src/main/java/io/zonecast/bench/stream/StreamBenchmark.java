package io.zonecast.bench.stream;

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
import io.zonecast.bench.updates.Latencies;
import io.zonecast.bench.updates.Prober;
import io.zonecast.bench.updates.UpdateStream;
import io.zonecast.ingest.stream.StreamSettings;
import io.zonecast.sandbox.BrokerSettings;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.ZoneTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Updates through {@code zonecast stream} and {@code zonecast sink}, each a process of its own, to
 * one node: the delay of each at a steady rate; the rate at full speed beside a topology that only
 * copies; and what the table holds after the stream was killed again and again.
 */
public final class StreamBenchmark {
  private static final double P50_MILLIS = 40;
  private static final double P99_MILLIS = 100;
  private static final double OF_PASS_THROUGH = 1.0 / 3;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** In the stream's log. */
  private static final String TAKES_UPDATES = "state=RUNNING";

  private static final int PARTITIONS = ZoneTopic.DEFAULT_PARTITIONS;

  /** How many times the measured rate is asked for while everything warms up. */
  private static final int WARM_UP_FACTOR = 10;

  private final StreamOptions options;
  private final ZonecastCommand command;
  private final Consumer<String> progress;
  private long number = UpdateStream.FIRST_NUMBER;

  /**
   * Makes the benchmark.
   *
   * @param progress told a line for each step
   */
  public StreamBenchmark(
      StreamOptions options, ZonecastCommand command, Consumer<String> progress) {
    this.options = options;
    this.command = command;
    this.progress = progress;
  }

  /** Runs it and adds what it found to {@code report}. */
  public void run(Report report) throws Exception {
    Servers servers = Servers.shared();
    Path directory = Files.createTempDirectory("zonecast-bench-stream-");
    try (KafkaBroker broker = servers.broker(BrokerSettings.DEFAULT.withHeap("512m"));
        MemcachedServer node = servers.direct("-m", "1024")) {
      BenchTable rows = new BenchTable(options.rows);
      BenchTopic topic = PublishedTable.of(broker.bootstrapServers(), "zones", rows);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        ZoneTopic.ensureUpdates(admin, topic.name(), PARTITIONS);
        admin.createTopics(List.of(new NewTopic("copy", PARTITIONS, (short) 1))).all().get();
      }
      List<String> keys = rows.keys();
      measureDelays(report, topic, node, keys, directory.resolve("state"));
      measureRates(report, topic, keys, directory);
      if (options.kills > 0) {
        killAgainAndAgain(report, topic, keys, directory.resolve("state"));
      }
    } finally {
      delete(directory);
    }
  }

  // --- 1: the delay ---

  private void measureDelays(
      Report report, BenchTopic topic, MemcachedServer node, List<String> keys, Path state)
      throws Exception {
    BenchPool pool = new BenchPool(topic, "bench-stream", List.of(node.address()));
    long first = number;
    Latencies.Summary delays;
    try (ZonecastProcess sink = ZonecastProcess.sink(command, pool, "the sink");
        ZonecastProcess stream = start(topic, state);
        Prober prober = new Prober(node, BenchPool.PREFIX);
        AskedFor updates = new AskedFor(topic);
        GroupWatch group = group(topic)) {
      new CheckpointWatch(node, pool).awaitFull(topic.ends(), LIMIT);
      stream.awaitSaid(TAKES_UPDATES, LIMIT);
      prober.start();
      progress.accept(
          "%s is full; %d s to warm up, then %d updates a second, %d s measured"
              .formatted(
                  node.address(),
                  options.warmUp().toSeconds(),
                  options.perSecond,
                  options.measured().toSeconds()));
      Random random = new Random(1);
      warmUp(updates, keys, random);
      group.awaitAll();
      long start = System.nanoTime();
      // Small transactions take other ways through all of them than large ones do.
      long from = start + options.warmUp().toNanos() / 2;
      long until = from + options.measured().toNanos();
      for (long sent = 0; System.nanoTime() < until; sent++) {
        AskedFor.pace(start, sent, options.perSecond);
        String key = keys.get(random.nextInt(keys.size()));
        long next = ++number;
        prober.expect(key, next, System.nanoTime());
        updates.send(next, key, Long.toString(next));
      }
      updates.flush();
      group.awaitAll();
      // The last ones are still on their way to the node.
      TimeUnit.SECONDS.sleep(1);
      delays = prober.latencies().between(from, until);
      sink.requireAlive();
    }
    TableRecords records = TableRecords.read(topic);
    long asked = number - first;
    Grid grid = new Grid("delays", "updates", "p50, ms", "p99, ms", "max, ms");
    grid.row("from update to cache", delays.count(), delays.p50(), delays.p99(), delays.max());
    report.add(grid);
    report.add(Finding.atMost("delay p50, ms", delays.p50(), P50_MILLIS));
    report.add(Finding.atMost("delay p99, ms", delays.p99(), P99_MILLIS));
    report.add(Finding.atLeast("updates measured", (double) delays.count(), 1));
    report.add(
        Finding.atMost("updates not in the topic", (double) (asked - records.updates().size()), 0));
    report.add(Finding.atMost("updates twice in the topic", (double) records.repeated(), 0));
  }

  /**
   * Many more than are measured, so that the compilers of broker, stream and sink have done their
   * work: on two cores they take more of them, at first, than the updates do.
   */
  private void warmUp(AskedFor updates, List<String> keys, Random random) {
    long start = System.nanoTime();
    long until = start + options.warmUp().toNanos();
    for (long sent = 0; System.nanoTime() < until; sent++) {
      AskedFor.pace(start, sent, WARM_UP_FACTOR * options.perSecond);
      long next = ++number;
      updates.send(next, keys.get(random.nextInt(keys.size())), Long.toString(next));
    }
    updates.flush();
  }

  // --- 2: the rate ---

  private void measureRates(Report report, BenchTopic topic, List<String> keys, Path directory)
      throws Exception {
    Random random = new Random(2);
    try (AskedFor updates = new AskedFor(topic);
        GroupWatch group = group(topic)) {
      for (int i = 0; i < options.atFullSpeed; i++) {
        long next = ++number;
        updates.send(next, keys.get(random.nextInt(keys.size())), Long.toString(next));
      }
      updates.flush();
      long waiting = group.left();
      double stream;
      try (ZonecastProcess process = start(topic, directory.resolve("state"))) {
        stream = rate("the stream", waiting, group);
        process.requireAlive();
      }
      double bare;
      long all;
      try (GroupWatch copied =
          new GroupWatch(topic, PassThrough.GROUP, ZoneTopic.updatesOf(topic.name()), PARTITIONS)) {
        all = copied.left();
        try (CommandProcess passing =
            PassThrough.start(
                topic,
                ZoneTopic.updatesOf(topic.name()),
                "copy",
                Map.of("commit.interval.ms", "20", "poll.ms", "5"),
                directory.resolve("pass-through"))) {
          bare = rate("a bare pass-through", all, copied);
          if (!passing.isAlive()) {
            throw new IllegalStateException("the pass-through has ended: " + passing.errors());
          }
        }
      }
      Grid grid = new Grid("rates", "updates", "a second");
      grid.row("the stream", waiting, stream);
      grid.row("a bare pass-through, exactly once", all, bare);
      report.add(grid);
      report.add(
          Finding.atLeast(
              "the stream's rate beside the pass-through's", stream / bare, OF_PASS_THROUGH));
    }
  }

  /** Of the second half of them: neither a start nor a warm-up is what is asked for. */
  private double rate(String who, long waiting, GroupWatch group) throws InterruptedException {
    long left = waiting;
    long startLeft = waiting;
    long start = System.nanoTime();
    while (left > 0) {
      TimeUnit.MILLISECONDS.sleep(20);
      long now = group.left();
      if (left > waiting / 2 && now <= waiting / 2) {
        start = System.nanoTime();
        startLeft = now;
      }
      left = now;
    }
    double rate = startLeft * 1e9 / Math.max(1, System.nanoTime() - start);
    progress.accept("%s: %,.0f updates a second".formatted(who, rate));
    return rate;
  }

  // --- 3: kills ---

  private void killAgainAndAgain(Report report, BenchTopic topic, List<String> keys, Path state)
      throws Exception {
    Map<String, String> oracle = new HashMap<>(TableRecords.read(topic).rows());
    Random random = new Random(3);
    // Few keys, and few zones: there and back again, and updates that change nothing.
    List<String> hot = keys.subList(0, Math.min(500, keys.size()));
    long first = number;
    long sent = 0;
    ZonecastProcess stream = start(topic, state);
    try (AskedFor updates = new AskedFor(topic);
        GroupWatch group = group(topic)) {
      stream.awaitSaid(TAKES_UPDATES, LIMIT);
      for (int kill = 0; kill < options.kills; kill++) {
        long start = System.nanoTime();
        long until = start + TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(2_000));
        for (long here = 0; System.nanoTime() < until; here++) {
          AskedFor.pace(start, here, options.perSecond);
          String key = hot.get(random.nextInt(hot.size()));
          int choice = random.nextInt(5);
          String zone = choice == 0 ? null : "k" + choice % 3;
          updates.send(++number, key, zone);
          sent++;
          if (zone == null) {
            oracle.remove(key);
          } else {
            oracle.put(key, zone);
          }
        }
        stream.close();
        progress.accept(
            "killed %d of %d; %,d updates waiting"
                .formatted(kill + 1, options.kills, group.left()));
        stream = start(topic, state);
        stream.awaitSaid(TAKES_UPDATES, LIMIT);
      }
      updates.flush();
      group.awaitAll();
    } finally {
      stream.close();
    }
    TableRecords records = TableRecords.read(topic);
    long different =
        keys.stream()
            .filter(
                key ->
                    !String.valueOf(oracle.get(key))
                        .equals(String.valueOf(records.rows().get(key))))
            .count();
    Grid grid = new Grid("kills", "updates", "written", "rows", "differ");
    long written =
        records.updates().stream().mapToLong(Long::parseLong).filter(id -> id > first).count();
    grid.row("killed %d times".formatted(options.kills), sent, written, keys.size(), different);
    report.add(grid);
    report.add(Finding.atMost("rows unlike the oracle's", (double) different, 0));
    report.add(
        Finding.atMost("updates twice in the topic, killed", (double) records.repeated(), 0));
  }

  /**
   * Starts the stream and does not wait for it to join its group.
   *
   * @param state where its copies of the table lie, the same for every start
   */
  private ZonecastProcess start(BenchTopic topic, Path state) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("kafka.streams.state.dir=" + state);
    options.streams.forEach((key, value) -> lines.add("kafka.streams." + key + "=" + value));
    Path settings = state.resolveSibling(state.getFileName() + ".properties");
    Files.write(settings, lines);
    List<String> arguments = new ArrayList<>(List.of("stream", "--http", "none"));
    arguments.addAll(List.of("--bootstrap-servers", topic.bootstrapServers()));
    arguments.addAll(List.of("--topic", topic.name(), "--config", settings.toString()));
    return ZonecastProcess.start(command, arguments, "the stream");
  }

  private static GroupWatch group(BenchTopic topic) {
    return new GroupWatch(
        topic, StreamSettings.groupOf(topic.name()), ZoneTopic.updatesOf(topic.name()), PARTITIONS);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
