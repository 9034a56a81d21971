package io.zonecast.bench;

import io.zonecast.bench.measure.Report;
import io.zonecast.bench.publish.PublishBenchmark;
import io.zonecast.bench.table.BenchTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "publish",
    description = "From a file to the topic, beside a bare producer of the same bytes.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  /** As many as the real USPS matrix has. */
  private static final String ROWS = "866761";

  @Mixin private final ContestOptions options = new ContestOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = ROWS,
      description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows;

  @Override
  public Integer call() throws Exception {
    Report report = options.report("publish", rows);
    new PublishBenchmark(new BenchTable(rows), options.contest()).run(report);
    options.show(report);
    return 0;
  }
}
