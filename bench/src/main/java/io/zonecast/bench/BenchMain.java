package io.zonecast.bench;

import io.zonecast.bench.faults.FaultsBenchmark;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.replay.ReplayBenchmark;
import io.zonecast.bench.stage.BenchTable;
import io.zonecast.bench.stream.StreamBenchmark;
import io.zonecast.bench.stream.StreamOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code bench/run} command: one subcommand, which is a method here, for each benchmark. */
@Command(
    name = "bench/run",
    description = "Side-by-side benchmarks on servers of their own, started and ended here.",
    mixinStandardHelpOptions = true)
public final class BenchMain {
  private static final int FOUND_SOMETHING = 3;
  private static final String OF_A_CARRIER = "" + BenchTable.ROWS_OF_A_CARRIER;

  /** As many as the real USPS matrix has. */
  private static final String OF_THE_MATRIX = "866761";

  private static final String ROWS = "Rows of the table (${DEFAULT-VALUE}).";

  private BenchMain() {}

  /** Runs the benchmark that {@code arguments} name. */
  public static void main(String[] arguments) {
    // Before its first class is loaded: it logs to stderr by itself otherwise.
    System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
    System.exit(new CommandLine(new BenchMain()).execute(arguments));
  }

  @Command(
      description = "From the topic to memcached, beside what memcached takes at most.",
      mixinStandardHelpOptions = true)
  void replay(
      @Mixin ContestOptions options,
      @Option(names = "--rows", paramLabel = "N", defaultValue = OF_A_CARRIER, description = ROWS)
          int rows,
      @Option(
              names = "--large-rows",
              paramLabel = "N",
              defaultValue = "5000000",
              description = "Rows of the large table; 0 leaves it out (${DEFAULT-VALUE}).")
          int largeRows,
      @Option(
              names = "--no-cold",
              description = "Leaves out what is measured in a process of its own.")
          boolean noCold)
      throws Exception {
    Report report = options.report("replay", rows);
    new ReplayBenchmark(new BenchTable(rows), new BenchTable(largeRows), options.contest(), !noCold)
        .run(report);
    options.show(report);
  }

  @Command(
      description = "From a file to the topic, beside a bare producer of the same bytes.",
      mixinStandardHelpOptions = true)
  void publish(
      @Mixin ContestOptions options,
      @Option(names = "--rows", paramLabel = "N", defaultValue = OF_THE_MATRIX, description = ROWS)
          int rows)
      throws Exception {
    Report report = options.report("publish", rows);
    new PublishBenchmark(new BenchTable(rows), options.contest()).run(report);
    options.show(report);
  }

  @Command(
      description = "From a record's value to its row, beside Avro's own reader, on one core.",
      mixinStandardHelpOptions = true)
  void decode(
      @Mixin ContestOptions options,
      @Option(names = "--rows", paramLabel = "N", defaultValue = OF_A_CARRIER, description = ROWS)
          int rows,
      @Option(
              names = "--passes",
              paramLabel = "N",
              defaultValue = "4",
              description = "How often a run reads the table (${DEFAULT-VALUE}).")
          int passes)
      throws Exception {
    Report report = options.report("decode", rows);
    new DecodeBenchmark(new BenchTable(rows), passes, options.contest()).run(report);
    options.show(report);
  }

  @Command(
      description =
          "A node is killed, flushed, cut off under live updates: how soon it is full again.",
      mixinStandardHelpOptions = true)
  void heal(
      @Mixin ReportOptions options,
      @Option(names = "--rows", paramLabel = "N", defaultValue = OF_A_CARRIER, description = ROWS)
          int rows,
      @Option(
              names = "--updates-per-second",
              paramLabel = "N",
              defaultValue = "1000",
              description = "How many rows change meanwhile (${DEFAULT-VALUE}).")
          int updatesPerSecond)
      throws Exception {
    Report report =
        new Report("heal").with("updatesPerSecond", updatesPerSecond).with("rows", rows);
    new HealBenchmark(new BenchTable(rows), updatesPerSecond).run(report);
    options.show(report);
  }

  @Command(
      description = {
        "Random faults under live updates and deletes: nothing stale, nothing lost.",
        "Exits with 3 if something was found."
      },
      mixinStandardHelpOptions = true)
  int faults(
      @Mixin ReportOptions options,
      @Option(
              names = "--count",
              paramLabel = "N",
              defaultValue = "200",
              description = "How many faults (${DEFAULT-VALUE}).")
          int count,
      @Option(
              names = "--seed",
              paramLabel = "N",
              description = "Draws the same faults in the same order as the run that printed it.")
          @Nullable Long seed,
      @Option(
              names = "--updates-per-second",
              paramLabel = "N",
              defaultValue = "400",
              description = "How many rows change meanwhile (${DEFAULT-VALUE}).")
          int updatesPerSecond,
      @Option(
              names = "--logs",
              paramLabel = "DIRECTORY",
              description = "Keeps the sinks' logs there.")
          @Nullable Path logs)
      throws Exception {
    long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
    Report report =
        new Report("faults")
            .with("count", count)
            .with("seed", drawn)
            .with("updatesPerSecond", updatesPerSecond);
    if (logs != null) {
      Files.createDirectories(logs);
    }
    boolean nothingFound =
        new FaultsBenchmark(count, drawn, updatesPerSecond, Optional.ofNullable(logs), report)
            .run();
    options.show(report);
    return nothingFound ? 0 : FOUND_SOMETHING;
  }

  @Command(
      description = "Two nodes compared with their topic; what is planted is found and mended.",
      mixinStandardHelpOptions = true)
  void verify(
      @Mixin ContestOptions options,
      @Option(
              names = "--rows",
              paramLabel = "N",
              defaultValue = OF_THE_MATRIX,
              description =
                  "Rows of the table, as many as the real USPS matrix has (${DEFAULT-VALUE}).")
          int rows)
      throws Exception {
    Report report = options.report("verify", rows);
    new VerifyBenchmark(new BenchTable(rows), options.contest()).run(report);
    options.show(report);
  }

  @Command(
      description =
          "Updates to the cache: their delay, the rate at full speed, and what kills leave behind.",
      mixinStandardHelpOptions = true)
  void stream(@Mixin ReportOptions options, @Mixin StreamOptions stream) throws Exception {
    Report report = stream.report();
    new StreamBenchmark(stream, report).run();
    options.show(report);
  }
}
