package io.zonecast.bench;

import io.zonecast.bench.measure.Report;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.replay.ReplayBenchmark;
import io.zonecast.bench.table.BenchTable;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "replay",
    description = "From the topic to memcached, beside what memcached takes at most.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Mixin private final ContestOptions options = new ContestOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "" + BenchTable.ROWS_OF_A_CARRIER,
      description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--large-rows",
      paramLabel = "N",
      defaultValue = "5000000",
      description = "Rows of the large table; 0 leaves it out (${DEFAULT-VALUE}).")
  private int largeRows;

  @Option(names = "--no-cold", description = "Leaves out what is measured in a process of its own.")
  private boolean noCold;

  @Override
  public Integer call() throws Exception {
    Report report = options.report("replay", rows);
    new ReplayBenchmark(
            new BenchTable(rows),
            new BenchTable(largeRows),
            options.contest(),
            noCold ? Optional.empty() : Optional.of(ZonecastCommand.ofThisClone()))
        .run(report);
    options.show(report);
    return 0;
  }
}
