package io.zonecast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.bench.measure.ContestBenchmark;
import io.zonecast.bench.measure.Contestant;
import io.zonecast.bench.measure.Measurement;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.measure.Report.Grid;
import io.zonecast.bench.stage.BenchPool;
import io.zonecast.bench.stage.BenchServers;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stage.BenchTopic;
import io.zonecast.bench.stage.CheckpointWatch;
import io.zonecast.bench.stage.ZonecastCommand;
import io.zonecast.sandbox.CommandProcess;
import io.zonecast.sandbox.KafkaBroker;
import io.zonecast.sandbox.MemcachedServer;
import io.zonecast.sandbox.PlainClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares two nodes with their topic, entry by entry; then plants and repairs differences. */
@Command(
    name = "verify",
    description = "Two nodes compared with their topic; what is planted is found and mended.")
public final class VerifyBenchmark extends ContestBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final double MOST_SECONDS = 5;
  private static final int PLANTED_OF_EACH_KIND = 25;
  private static final List<String> KINDS = List.of("missing", "different", "orphaned", "foreign");

  @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows = BenchTable.ROWS_OF_THE_MATRIX;

  @Override
  protected void run(Report report) throws Exception {
    try (KafkaBroker broker = BenchServers.broker();
        MemcachedServer first = BenchServers.node();
        MemcachedServer second = BenchServers.node()) {
      BenchTopic topic =
          BenchTopic.holding(new BenchTable(rows), broker.bootstrapServers(), "bench-zones");
      BenchPool pool =
          new BenchPool(topic, "bench-verify", List.of(first.address(), second.address()));
      try (CommandProcess sink = pool.startSink()) {
        new CheckpointWatch(first, pool).awaitFull(topic.ends(), LIMIT);
        new CheckpointWatch(second, pool).awaitFull(topic.ends(), LIMIT);
        compare(report, pool);
        mend(report, pool, first, second);
        sink.requireAlive();
      }
    }
  }

  private void compare(Report report, BenchPool pool) throws Exception {
    List<Double> comparing = new ArrayList<>();
    Contestant verify =
        new Contestant(
            "zonecast verify, a process",
            () -> {},
            () -> {
              long start = System.nanoTime();
              Answer answer = verify(pool, "--json");
              Measurement measured = Measurement.since(start, rows);
              if (answer.exitCode != 0 || answer.sum("checked") != rows) {
                throw new IllegalStateException(
                    "a pool of %,d rows is not equal to its topic: %s"
                        .formatted(rows, answer.document));
              }
              comparing.add(answer.seconds());
              return measured;
            });
    double seconds = contest(report, verify).get(0).seconds();
    List<Double> measured = comparing.stream().skip(1).sorted().toList();
    double median = measured.get(measured.size() / 2);
    Grid parts = report.grid("parts", "seconds");
    parts.row("reading the topic and comparing", median);
    parts.row("starting and ending the process", seconds - median);
    report.atMost("verify, seconds", seconds, MOST_SECONDS);
  }

  private void mend(Report report, BenchPool pool, MemcachedServer first, MemcachedServer second)
      throws IOException {
    try (PlainClient one = PlainClient.open(first, TIMEOUT);
        PlainClient other = PlainClient.open(second, TIMEOUT)) {
      plant(pool.placement(), List.of(one, other));
    }
    Answer found = verify(pool, "--json");
    long start = System.nanoTime();
    Answer mended = verify(pool, "--repair", "--json");
    double mendSeconds = (System.nanoTime() - start) / 1e9;
    Grid differences = report.grid("differences", "planted", "found", "left");
    for (String kind : KINDS) {
      differences.row(kind, PLANTED_OF_EACH_KIND, found.sum(kind), mended.sum(kind));
      report.atMost(
          kind + ": planted and not found, or left",
          (double) Math.abs(PLANTED_OF_EACH_KIND - found.sum(kind)) + mended.sum(kind),
          0);
    }
    Grid exits = report.grid("exits", "exit code", "seconds");
    exits.row("verify, with differences", found.exitCode, found.seconds());
    exits.row("verify --repair, a process", mended.exitCode, mendSeconds);
  }

  /** Deletes, changes, adds and misplaces equally many entries on two nodes. */
  private void plant(ToIntFunction<String> placement, List<PlainClient> nodes) throws IOException {
    List<String> keys = new BenchTable(Math.min(rows, 3 * PLANTED_OF_EACH_KIND)).keys();
    for (int i = 0; i < PLANTED_OF_EACH_KIND; i++) {
      String missing = keys.get(3 * i);
      nodes.get(placement.applyAsInt(missing)).delete(BenchPool.PREFIX + missing);
      String different = keys.get(3 * i + 1);
      nodes.get(placement.applyAsInt(different)).set(BenchPool.PREFIX + different, "X");
      String foreign = keys.get(3 * i + 2);
      nodes.get(1 - placement.applyAsInt(foreign)).set(BenchPool.PREFIX + foreign, "X");
      String orphaned = "nobody:%03d:000".formatted(i);
      nodes.get(placement.applyAsInt(orphaned)).set(BenchPool.PREFIX + orphaned, "X");
    }
  }

  /**
   * What one run answered.
   *
   * @param exitCode 0 equal, 3 different
   */
  private record Answer(int exitCode, JsonNode document) {

    /** The sum over all nodes of a count, as {@code missing}. */
    long sum(String count) {
      long sum = 0;
      for (JsonNode node : document.path("nodes")) {
        sum += node.path(count).asLong();
      }
      return sum;
    }

    /** The time that it reports itself, without the start of its process. */
    double seconds() {
      return document.path("seconds").asDouble();
    }
  }

  private static Answer verify(BenchPool pool, String... options) throws IOException {
    CommandProcess.Ended ended =
        ZonecastCommand.start("verify", pool.arguments("verify", options)).awaitEnd(LIMIT);
    if (ended.out().isEmpty()) {
      throw new IllegalStateException(
          "verify ended with %d and no answer; it said:%n%s"
              .formatted(ended.exitCode(), ended.err()));
    }
    return new Answer(ended.exitCode(), new ObjectMapper().readTree(ended.out()));
  }
}
