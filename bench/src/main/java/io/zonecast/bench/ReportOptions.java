package io.zonecast.bench;

import io.zonecast.bench.measure.Report;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a benchmark's figures go. */
class ReportOptions {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures there, as JSON.")
  private @Nullable Path json;

  void show(Report report) throws IOException {
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
  }
}
