package io.zonecast.bench.stream;

import io.zonecast.bench.measure.Report;
import io.zonecast.bench.stage.BenchTable;
import java.util.Map;
import picocli.CommandLine.Option;

/** How much of each part is run. */
public final class StreamOptions {
  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "" + BenchTable.ROWS_OF_A_CARRIER,
      description = "Rows of the table (${DEFAULT-VALUE}).")
  int rows;

  @Option(
      names = "--updates-per-second",
      paramLabel = "N",
      defaultValue = "1000",
      description = "While delays are measured, and under kills (${DEFAULT-VALUE}).")
  int perSecond;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "At ten times the rate, and half as long at the rate, before delays count"
              + " (${DEFAULT-VALUE}).")
  int warmUpSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "While delays count (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--at-full-speed",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Updates for the rates, of which the second half counts (${DEFAULT-VALUE}).")
  int atFullSpeed;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often the stream is killed (${DEFAULT-VALUE}).")
  int kills;

  @Option(
      names = "--streams",
      paramLabel = "KEY=VALUE",
      description = "A setting of Kafka Streams for the stream, as commit.interval.ms=40.")
  Map<String, String> streams = Map.of();

  /** An empty report of a run with these. */
  public Report report() {
    return new Report("stream")
        .with("rows", rows)
        .with("updatesPerSecond", perSecond)
        .with("warmUpSeconds", warmUpSeconds)
        .with("seconds", seconds)
        .with("atFullSpeed", atFullSpeed)
        .with("kills", kills)
        .with("streams", streams);
  }
}
