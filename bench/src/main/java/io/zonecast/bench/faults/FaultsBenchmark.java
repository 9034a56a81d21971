package io.zonecast.bench.faults;

import io.zonecast.bench.measure.Benchmark;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Report.Grid;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.bench.stage.RowBytes;
import io.zonecast.bench.stage.UpdateLoad;
import io.zonecast.bench.stage.UpdateLoad.Update;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.Servers;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.serde.RowSerdes;
import io.zonecast.sink.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Injects random faults into nodes, links, sinks, the registry and the broker, while a few hot rows
 * are set and deleted all the time and a table changes in the background. A reader on each node
 * records every value that it sees of the hot rows. After every 25 faults, and at the end, updates
 * stop until every node equals the topic.
 *
 * <p>The first node is reached directly, where a sink can tell former writers' connections apart;
 * the second through a link, where it cannot, and which can be cut. The updates have a registry's
 * schema id, so that a sink that is started while the registry is away can read none of them.
 * Meanwhile {@link Views} compares what operators see with what the nodes hold.
 */
@Command(
    name = "faults",
    description = {
      "Random faults under live updates and deletes: nothing stale, nothing lost.",
      "Exits with 3 if something was found."
    })
public final class FaultsBenchmark extends Benchmark {
  private static final int FOUND_SOMETHING = 3;
  private static final String TOPIC = "bench-zones";
  private static final int SINKS = 2;
  private static final int TABLE_ROWS = 20_000;
  private static final int HOT_ROWS = 24;

  /** Of each four updates, this many are of hot rows. */
  private static final int HOT_OF_FOUR = 3;

  /** One in 4 updates of a hot row deletes it, and one in 10 of the table's. */
  private static final int HOT_DELETES = 4;

  private static final int TABLE_DELETES = 10;
  private static final int FAULTS_BETWEEN_CHECKS = 25;
  private static final int FAULTS_BETWEEN_WORDS = 10;

  private static final Duration FIRST_FILL = Duration.ofMinutes(2);
  private static final Duration HEALING = Duration.ofSeconds(90);

  private static final double MOST_SECONDS_A_FAULT = 900.0 / 200;

  @Option(names = "--count", paramLabel = "N", description = "How many faults (${DEFAULT-VALUE}).")
  private int count = 200;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the same faults in the same order as the run that printed it.")
  private long seed = new Random().nextInt(1_000_000);

  @Option(
      names = "--updates-per-second",
      paramLabel = "N",
      description = "How many rows change meanwhile (${DEFAULT-VALUE}).")
  private int updatesPerSecond = 400;

  @Option(names = "--logs", paramLabel = "DIRECTORY", description = "Keeps the sinks' logs there.")
  private @Nullable Path logs;

  private final FaultJournal journal = new FaultJournal();
  private final List<String> differences = new ArrayList<>();
  private int checks;
  private boolean foundSomething;

  @Override
  public Integer call() throws Exception {
    super.call();
    return foundSomething ? FOUND_SOMETHING : 0;
  }

  @Override
  protected void run(Report report) throws Exception {
    if (logs != null) {
      Files.createDirectories(logs);
    }
    report.say("seed " + seed);
    BenchTable table = new BenchTable(TABLE_ROWS);
    List<String> hot = hotKeys();
    Servers servers = Servers.shared();
    try (KafkaBroker broker = BenchServers.broker();
        FaultyNode direct = new FaultyNode(servers.memcached(), false, hot);
        FaultyNode linked = new FaultyNode(servers.memcached(), true, hot);
        FaultyRegistry registry = new FaultyRegistry(servers::schemaRegistry, TOPIC)) {
      BenchTopic topic = BenchTopic.holding(table, broker.bootstrapServers(), TOPIC);
      List<FaultyNode> nodes = List.of(direct, linked);
      BenchPool pool =
          new BenchPool(topic, "bench-faults", nodes.stream().map(FaultyNode::address).toList());
      Map<String, String> first = table.zones();
      List<String> tableKeys = List.copyOf(first.keySet());
      List<String> keys = new ArrayList<>(tableKeys);
      keys.addAll(hot);
      Truth truth = new Truth(keys, first, nodes, pool.placement());
      List<String> sink =
          pool.arguments("sink", "--http", "127.0.0.1:0", "--schema-registry-url", registry.url());
      try (Sinks sinks = new Sinks(SINKS, sink, logs);
          Views views = new Views(pool, truth, nodes, sinks::pages, journal);
          UpdateLoad updates =
              new UpdateLoad(
                  topic,
                  updatesPerSecond,
                  new RowBytes(registry.schemaId()),
                  choice(new Random(seed + 1), hot, tableKeys),
                  (update, number, nanos) -> truth.published(update, number))) {
        requireFilled(truth, sinks);
        nodes.forEach(node -> node.watcher().start());
        updates.start();
        views.start();
        Strikes strikes = new Strikes(new Random(seed), broker, nodes, sinks, registry, journal);
        long start = System.nanoTime();
        for (int i = 1; i <= count; i++) {
          strikes.strike();
          sinks.replaceTheDead(report);
          if (i % FAULTS_BETWEEN_CHECKS == 0 || i == count) {
            strikes.calmDown();
            updates.still(() -> check(report, truth, pool, registry));
          }
          if (i % FAULTS_BETWEEN_WORDS == 0) {
            report.say("%d of %d faults, %s".formatted(i, count, strikes.done()));
          }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        nodes.forEach(node -> node.watcher().close());
        views.stop();
        Grid held = report.grid("views", "count");
        held.row("answers held against the nodes", views.answers());
        held.row("of them while a node lacked rows", views.whileLacking());
        views.wrong().stream().limit(10).forEach(report::say);
        report.atMost("claims of a view that were not so", views.wrong().size(), 0);
        foundSomething = !views.wrong().isEmpty();
        add(report, strikes, sinks, nodes, updates.count(), seconds);
      }
    }
  }

  private static Supplier<Update> choice(Random random, List<String> hot, List<String> table) {
    return () -> {
      boolean isHot = random.nextInt(4) < HOT_OF_FOUR;
      List<String> keys = isHot ? hot : table;
      String key = keys.get(random.nextInt(keys.size()));
      return new Update(key, random.nextInt(isHot ? HOT_DELETES : TABLE_DELETES) == 0);
    };
  }

  private static List<String> hotKeys() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < HOT_ROWS; i++) {
      keys.add("hot:%03d:000".formatted(i));
    }
    return keys;
  }

  private static void requireFilled(Truth truth, Sinks sinks) throws InterruptedException {
    List<String> left = truth.awaitEqual(FIRST_FILL);
    if (!left.isEmpty()) {
      throw new IllegalStateException(
          "the nodes are not full after %s: %s; %s said:%n%s"
              .formatted(FIRST_FILL, left.get(0), sinks.get(0), sinks.get(0).lastWords()));
    }
  }

  /** While nothing is published, every node must become equal to the topic. */
  private void check(Report report, Truth truth, BenchPool pool, FaultyRegistry registry)
      throws IOException, InterruptedException {
    checks++;
    long start = System.nanoTime();
    List<String> left = truth.awaitEqual(HEALING);
    long equalAfter = Duration.ofNanos(System.nanoTime() - start).toMillis();
    VerifyReport verified =
        pool.verify(RowSerdes.decoders(Map.of(RegistrySettings.URL, registry.url()), TOPIC));
    report.say(
        "check %d: %d differences after %d ms; verify: %s"
            .formatted(
                checks,
                left.size(),
                equalAfter,
                verified.isEqual() ? "equal" : "NOT equal: " + verified.nodes()));
    left.stream().limit(10).forEach(report::say);
    differences.addAll(left);
    verified.nodes().forEach(node -> differences.addAll(node.examples()));
    if (!left.isEmpty()) {
      journal.around(start, System.nanoTime()).forEach(report::say);
    }
  }

  private void add(
      Report report,
      Strikes strikes,
      Sinks sinks,
      List<FaultyNode> nodes,
      long updates,
      double seconds) {
    Grid done = report.grid("faults", "count");
    strikes.done().forEach((fault, times) -> done.row(fault.label(), times));
    Grid readers = report.grid("readers", "values read", "documented", "longest, ms", "beyond");
    long beyond = 0;
    for (FaultyNode node : nodes) {
      List<StaleRead> documented = node.documented();
      readers.row(
          node.toString(),
          node.watcher().valuesRead(),
          documented.size(),
          documented.stream().mapToLong(sight -> sight.lasted().toMillis()).max().orElse(0),
          node.beyond().size());
      documented.forEach(sight -> tell(report, "within the documented window", node, sight));
      node.beyond().forEach(sight -> tell(report, "BEYOND the documented window", node, sight));
      node.beyond()
          .forEach(
              sight -> journal.around(sight.sinceNanos(), sight.untilNanos()).forEach(report::say));
      beyond += node.beyond().size();
    }
    Grid others = report.grid("run", "count");
    others.row("updates and deletes", updates);
    others.row("times all nodes were compared", checks);
    others.row("sinks started while no broker answered", sinks.gaveUp());
    others.row("seconds", Math.round(seconds));
    report.atMost("differences", differences.size(), 0);
    report.atMost("stale values beyond the documented window", (double) beyond, 0);
    report.atMost("sinks that ended while at work", sinks.failed(), 0);
    report.atMost("seconds a fault", seconds / count, MOST_SECONDS_A_FAULT);
    foundSomething |= !differences.isEmpty() || beyond > 0 || sinks.failed() > 0;
  }

  private void tell(Report report, String kind, FaultyNode node, StaleRead sight) {
    report.say(
        "%s %s: %s, %s".formatted(journal.timeOf(sight.sinceNanos()), kind, node, sight.words()));
  }
}
