package io.zonecast.bench.stream;

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
import io.zonecast.bench.stage.RecordSender;
import io.zonecast.bench.stage.UpdateLoad;
import io.zonecast.bench.stage.ZonecastCommand;
import io.zonecast.ingest.stream.StreamSettings;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.schemas.ZoneKey;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.ZoneUpdate;
import io.zonecast.schemas.serde.UpdateSerdes;
import io.zonecast.schemas.wire.UpdateEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sends updates through {@code zonecast stream} and {@code zonecast sink}, each its own process, to
 * one node. Measures the delay of each update at a steady rate, and the rate at full speed beside a
 * topology that only copies. Then kills the stream again and again, and compares the table with
 * what it should hold.
 */
@Command(
    name = "stream",
    description =
        "Updates to the cache: their delay, the rate at full speed, and what kills leave behind.")
public final class StreamBenchmark extends Benchmark {
  private static final double P50_MILLIS = 40;
  private static final double P99_MILLIS = 100;
  private static final double OF_PASS_THROUGH = 1.0 / 3;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** In the stream's log. */
  private static final String TAKES_UPDATES = "state=RUNNING";

  private static final int PARTITIONS = ZoneTopic.DEFAULT_PARTITIONS;
  private static final String TABLE = "zones";
  private static final String UPDATES = ZoneTopic.updatesOf(TABLE);

  /** How many times the measured rate is asked for while everything warms up. */
  private static final int WARM_UP_FACTOR = 10;

  @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows = BenchTable.ROWS_OF_A_CARRIER;

  @Option(
      names = "--updates-per-second",
      paramLabel = "N",
      description = "While delays are measured, and under kills (${DEFAULT-VALUE}).")
  private int updatesPerSecond = 1_000;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description =
          "At ten times the rate, and half as long at the rate, before delays count"
              + " (${DEFAULT-VALUE}).")
  private int warmUpSeconds = 60;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description = "While delays count (${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(
      names = "--at-full-speed",
      paramLabel = "N",
      description = "Updates for the rates, of which the second half counts (${DEFAULT-VALUE}).")
  private int atFullSpeed = 1_000_000;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How often the stream is killed (${DEFAULT-VALUE}).")
  private int kills = 20;

  @Option(
      names = "--streams",
      paramLabel = "KEY=VALUE",
      description = "A setting of Kafka Streams for the stream, as commit.interval.ms=40.")
  private Map<String, String> streams = Map.of();

  private final UpdateEncoder encoder = UpdateSerdes.encoder(Map.of(), UPDATES);

  /** The number of the last update: its id, and by default its zone. */
  private long number = UpdateLoad.FIRST_NUMBER;

  @Override
  protected void run(Report report) throws Exception {
    Path directory = Files.createTempDirectory("zonecast-bench-stream-");
    try (KafkaBroker broker = BenchServers.broker();
        MemcachedServer node = BenchServers.node()) {
      BenchTable table = new BenchTable(rows);
      BenchTopic topic = BenchTopic.holding(table, broker.bootstrapServers(), TABLE);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        ZoneTopic.ensureUpdates(admin, topic.name(), PARTITIONS);
        admin.createTopics(List.of(new NewTopic("copy", PARTITIONS, (short) 1))).all().get();
      }
      List<String> keys = table.keys();
      measureDelays(report, topic, node, keys, directory.resolve("state"));
      measureRates(report, topic, keys, directory);
      if (kills > 0) {
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
    try (CommandProcess sink = pool.startSink();
        CommandProcess stream = start(topic, state);
        Prober prober = new Prober(node, BenchPool.PREFIX);
        RecordSender updates = updatesOf(topic);
        CommitWatch group = group(topic)) {
      new CheckpointWatch(node, pool).awaitFull(topic.ends(), LIMIT);
      stream.awaitSaid(TAKES_UPDATES, LIMIT);
      prober.start();
      report.say(
          "%s is full; %d s to warm up, then %d updates a second, %d s measured"
              .formatted(node.address(), warmUpSeconds, updatesPerSecond, seconds));
      Random random = new Random(1);
      long warmUp = TimeUnit.SECONDS.toNanos(warmUpSeconds);
      // Many more than are measured, so that the compilers of broker, stream and sink have done
      // their work: on two cores they take more of them, at first, than the updates do.
      atRate(
          WARM_UP_FACTOR * updatesPerSecond,
          warmUp,
          () -> send(updates, ++number, any(keys, random), Long.toString(number)));
      updates.flush();
      group.awaitAll();
      // Small transactions take other ways through all of them than large ones do.
      long from = System.nanoTime() + warmUp / 2;
      long measured = TimeUnit.SECONDS.toNanos(seconds);
      atRate(
          updatesPerSecond,
          warmUp / 2 + measured,
          () -> {
            String key = any(keys, random);
            prober.expect(key, ++number, System.nanoTime());
            send(updates, number, key, Long.toString(number));
          });
      updates.flush();
      group.awaitAll();
      // The last ones are still on their way to the node.
      TimeUnit.SECONDS.sleep(1);
      delays = prober.latencies().between(from, from + measured);
      sink.requireAlive();
    }
    TableRecords records = TableRecords.read(topic);
    long lost = number - first - records.updates().size();
    report
        .grid("delays", "updates", "p50, ms", "p99, ms", "max, ms")
        .row("from update to cache", delays.count(), delays.p50(), delays.p99(), delays.max());
    report.atMost("delay p50, ms", delays.p50(), P50_MILLIS);
    report.atMost("delay p99, ms", delays.p99(), P99_MILLIS);
    report.atLeast("updates measured", (double) delays.count(), 1);
    report.atMost("updates not in the topic", (double) lost, 0);
    report.atMost("updates twice in the topic", (double) records.repeated(), 0);
  }

  // --- 2: the rate ---

  private void measureRates(Report report, BenchTopic topic, List<String> keys, Path directory)
      throws Exception {
    Random random = new Random(2);
    try (RecordSender updates = updatesOf(topic);
        CommitWatch group = group(topic);
        CommitWatch copied = new CommitWatch(topic, PassThrough.GROUP)) {
      for (int i = 0; i < atFullSpeed; i++) {
        send(updates, ++number, any(keys, random), Long.toString(number));
      }
      updates.flush();
      long waiting = group.left();
      double stream;
      try (CommandProcess process = start(topic, directory.resolve("state"))) {
        stream = rate(report, "the stream", waiting, group, process);
      }
      long all = copied.left();
      double bare;
      try (CommandProcess process =
          PassThrough.start(topic, UPDATES, "copy", directory.resolve("pass-through"))) {
        bare = rate(report, "a bare pass-through", all, copied, process);
      }
      Grid grid = report.grid("rates", "updates", "a second");
      grid.row("the stream", waiting, stream);
      grid.row("a bare pass-through, exactly once", all, bare);
      report.atLeast("the stream's rate beside the pass-through's", stream / bare, OF_PASS_THROUGH);
    }
  }

  /** Of the second half of them: neither a start nor a warm-up is what is asked for. */
  private double rate(
      Report report, String who, long waiting, CommitWatch group, CommandProcess process)
      throws InterruptedException {
    long left = waiting;
    long startLeft = waiting;
    long start = System.nanoTime();
    while (left > 0) {
      TimeUnit.MILLISECONDS.sleep(20);
      process.requireAlive();
      long now = group.left();
      if (left > waiting / 2 && now <= waiting / 2) {
        start = System.nanoTime();
        startLeft = now;
      }
      left = now;
    }
    double rate = startLeft * 1e9 / Math.max(1, System.nanoTime() - start);
    report.say("%s: %,.0f updates a second".formatted(who, rate));
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
    CommandProcess stream = start(topic, state);
    try (RecordSender updates = updatesOf(topic);
        CommitWatch group = group(topic)) {
      stream.awaitSaid(TAKES_UPDATES, LIMIT);
      for (int kill = 1; kill <= kills; kill++) {
        atRate(
            updatesPerSecond,
            TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(2_000)),
            () -> {
              String key = any(hot, random);
              int choice = random.nextInt(5);
              String zone = choice == 0 ? null : "k" + choice % 3;
              send(updates, ++number, key, zone);
              // No zone: no entry.
              oracle.compute(key, (its, before) -> zone);
            });
        stream.close();
        report.say("killed %d of %d; %,d updates waiting".formatted(kill, kills, group.left()));
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
            .filter(key -> !Objects.equals(oracle.get(key), records.rows().get(key)))
            .count();
    long written =
        records.updates().stream().mapToLong(Long::parseLong).filter(id -> id > first).count();
    report
        .grid("kills", "updates", "written", "rows", "differ")
        .row("killed %d times".formatted(kills), number - first, written, keys.size(), different);
    report.atMost("rows unlike the oracle's", (double) different, 0);
    report.atMost("updates twice in the topic, killed", (double) records.repeated(), 0);
  }

  private static String any(List<String> keys, Random random) {
    return keys.get(random.nextInt(keys.size()));
  }

  /** Does one thing again and again at a steady rate, for as long as {@code nanos}. */
  private static void atRate(int perSecond, long nanos, Runnable one) {
    long start = System.nanoTime();
    for (long done = 0; System.nanoTime() - start < nanos; done++) {
      long due = start + done * (1_000_000_000L / perSecond);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      one.run();
    }
  }

  private static RecordSender updatesOf(BenchTopic topic) {
    return new RecordSender(UPDATES, topic.producer());
  }

  /** Asks for {@code zone}; null deletes. */
  private void send(RecordSender updates, long id, String key, @Nullable String zone) {
    ZoneKey parts = ZoneKey.parse(key);
    ZoneUpdate update =
        new ZoneUpdate(
            Long.toString(id),
            zone == null ? "delete" : "upsert",
            parts.carrier(),
            parts.origin(),
            parts.destination(),
            zone,
            null,
            null,
            "bench",
            Instant.now());
    updates.send(key, encoder.encode(update));
  }

  /**
   * Starts the stream and does not wait for it to join its group.
   *
   * @param state where its copies of the table lie, the same for every start
   */
  private CommandProcess start(BenchTopic topic, Path state) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("kafka.streams.state.dir=" + state);
    streams.forEach((key, value) -> lines.add("kafka.streams." + key + "=" + value));
    Path settings = state.resolveSibling(state.getFileName() + ".properties");
    Files.write(settings, lines);
    List<String> arguments = new ArrayList<>(List.of("stream", "--http", "none"));
    arguments.addAll(List.of("--bootstrap-servers", topic.bootstrapServers()));
    arguments.addAll(List.of("--topic", topic.name(), "--config", settings.toString()));
    return ZonecastCommand.start("the stream", arguments);
  }

  private static CommitWatch group(BenchTopic topic) {
    return new CommitWatch(topic, StreamSettings.groupOf(topic.name()));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
