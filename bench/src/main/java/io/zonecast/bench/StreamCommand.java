package io.zonecast.bench;

import io.zonecast.bench.measure.Report;
import io.zonecast.bench.pool.ZonecastCommand;
import io.zonecast.bench.stream.StreamBenchmark;
import io.zonecast.bench.stream.StreamOptions;
import io.zonecast.bench.table.BenchTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "stream",
    description =
        "Updates to the cache: their delay, the rate at full speed, and what kills leave behind.",
    mixinStandardHelpOptions = true)
final class StreamCommand implements Callable<Integer> {
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
      description = "While delays are measured, and under kills (${DEFAULT-VALUE}).")
  private int updatesPerSecond;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "At ten times the rate, and half as long at the rate, before delays count"
              + " (${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "While delays count (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--at-full-speed",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Updates for the rates, of which the second half counts (${DEFAULT-VALUE}).")
  private int atFullSpeed;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often the stream is killed (${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--streams",
      paramLabel = "KEY=VALUE",
      description = "A setting of Kafka Streams for the stream, as commit.interval.ms=40.")
  private Map<String, String> streams = Map.of();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures there, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("rows", rows);
    settings.put("updatesPerSecond", updatesPerSecond);
    settings.put("warmUpSeconds", warmUpSeconds);
    settings.put("seconds", seconds);
    settings.put("atFullSpeed", atFullSpeed);
    settings.put("kills", kills);
    settings.put("streams", streams);
    Report report = new Report("stream", settings);
    new StreamBenchmark(
            new StreamOptions(
                rows,
                updatesPerSecond,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(seconds),
                atFullSpeed,
                kills,
                streams),
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
