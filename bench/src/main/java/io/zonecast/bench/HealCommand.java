package io.zonecast.bench;

import io.zonecast.bench.heal.HealBenchmark;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.table.BenchTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "heal",
    description =
        "A node is killed, flushed, cut off under live updates: how soon it is full again.",
    mixinStandardHelpOptions = true)
final class HealCommand implements Callable<Integer> {
  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "" + BenchTable.ROWS_OF_A_CARRIER,
      description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--updates-per-second",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many rows change meanwhile (${DEFAULT-VALUE}).")
  private int updatesPerSecond;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures there, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    Report report = new Report("heal", Map.of("rows", rows, "updatesPerSecond", updatesPerSecond));
    new HealBenchmark(
            new BenchTable(rows),
            updatesPerSecond,
            ZonecastCommand.ofThisClone(),
            System.err::println)
        .run(report);
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
    return 0;
  }
}
