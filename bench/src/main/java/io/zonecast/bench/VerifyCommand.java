package io.zonecast.bench;

import io.zonecast.bench.measure.Report;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.table.BenchTable;
import io.zonecast.bench.verify.VerifyBenchmark;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = "Two nodes compared with their topic; what is planted is found and mended.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Mixin private final ContestOptions options = new ContestOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "866761",
      description = "Rows of the table, as many as the real USPS matrix has (${DEFAULT-VALUE}).")
  private int rows;

  @Override
  public Integer call() throws Exception {
    Report report = options.report("verify", rows);
    new VerifyBenchmark(new BenchTable(rows), options.contest(), ZonecastCommand.ofThisClone())
        .run(report);
    options.show(report);
    return 0;
  }
}
