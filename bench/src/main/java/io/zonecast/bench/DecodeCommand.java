package io.zonecast.bench;

import io.zonecast.bench.decode.DecodeBenchmark;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.table.BenchTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "decode",
    description = "From a record's value to its row, beside Avro's own reader, on one core.",
    mixinStandardHelpOptions = true)
final class DecodeCommand implements Callable<Integer> {
  @Mixin private final ContestOptions options = new ContestOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "" + BenchTable.ROWS_OF_A_CARRIER,
      description = "Rows of the table (${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "4",
      description = "How often a run reads the table (${DEFAULT-VALUE}).")
  private int passes;

  @Override
  public Integer call() throws Exception {
    Report report = options.report("decode", rows);
    new DecodeBenchmark(new BenchTable(rows), passes, options.contest()).run(report);
    options.show(report);
    return 0;
  }
}
