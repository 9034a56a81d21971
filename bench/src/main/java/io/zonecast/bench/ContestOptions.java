package io.zonecast.bench;

import io.zonecast.bench.measure.Contest;
import io.zonecast.bench.measure.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all benchmarks are told. */
final class ContestOptions {
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

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures there, as JSON.")
  private @Nullable Path json;

  Contest contest() {
    return new Contest(runs, Duration.ofSeconds(restSeconds), System.err::println);
  }

  Report report(String benchmark, int rows) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("rows", rows);
    settings.put("runs", runs);
    settings.put("restSeconds", restSeconds);
    return new Report(benchmark, settings);
  }

  void show(Report report) throws IOException {
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
  }
}
