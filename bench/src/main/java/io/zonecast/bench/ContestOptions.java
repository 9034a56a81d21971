package io.zonecast.bench;

import io.zonecast.bench.measure.Contest;
import io.zonecast.bench.measure.Report;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What all benchmarks are told in which contestants take turns. */
final class ContestOptions extends ReportOptions {
  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Measured runs of each contestant, after one that warms up (${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--rest",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "Rest before each run (${DEFAULT-VALUE}).")
  private int restSeconds;

  Contest contest() {
    return new Contest(runs, Duration.ofSeconds(restSeconds));
  }

  Report report(String benchmark, int rows) {
    return new Report(benchmark)
        .with("rows", rows)
        .with("runs", runs)
        .with("restSeconds", restSeconds);
  }
}
