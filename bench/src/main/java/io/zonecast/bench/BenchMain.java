package io.zonecast.bench;

import io.zonecast.bench.faults.FaultsBenchmark;
import io.zonecast.bench.replay.ReplayBenchmark;
import io.zonecast.bench.stream.StreamBenchmark;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code bench/run} command: each subcommand is a {@code Benchmark} with its options. */
@Command(
    name = "bench/run",
    description = "Side-by-side benchmarks on servers of their own, started and ended here.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ReplayBenchmark.class,
      PublishBenchmark.class,
      DecodeBenchmark.class,
      HealBenchmark.class,
      FaultsBenchmark.class,
      VerifyBenchmark.class,
      StreamBenchmark.class
    })
public final class BenchMain {
  private BenchMain() {}

  /** Runs the benchmark that {@code arguments} name. */
  public static void main(String[] arguments) {
    // Before its first class is loaded: it logs to stderr by itself otherwise.
    System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
    System.exit(new CommandLine(new BenchMain()).execute(arguments));
  }
}
