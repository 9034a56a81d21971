package io.zonecast.bench;

import io.zonecast.bench.faults.FaultsBenchmark;
import io.zonecast.bench.measure.Report;
import io.zonecast.bench.pool.ZonecastCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "faults",
    description = {
      "Random faults under live updates and deletes: nothing stale, nothing lost.",
      "Exits with 3 if something was found."
    },
    mixinStandardHelpOptions = true)
final class FaultsCommand implements Callable<Integer> {
  private static final int FOUND_SOMETHING = 3;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many faults (${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the same faults in the same order as the run that printed it.")
  private @Nullable Long seed;

  @Option(
      names = "--updates-per-second",
      paramLabel = "N",
      defaultValue = "400",
      description = "How many rows change meanwhile (${DEFAULT-VALUE}).")
  private int updatesPerSecond;

  @Option(names = "--logs", paramLabel = "DIRECTORY", description = "Keeps the sinks' logs there.")
  private @Nullable Path logs;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures there, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("count", count);
    settings.put("seed", drawn);
    settings.put("updatesPerSecond", updatesPerSecond);
    Report report = new Report("faults", settings);
    if (logs != null) {
      Files.createDirectories(logs);
    }
    boolean nothingFound =
        new FaultsBenchmark(
                count,
                drawn,
                updatesPerSecond,
                ZonecastCommand.ofThisClone(),
                Optional.ofNullable(logs),
                System.err::println)
            .run(report);
    System.out.print(report.table());
    if (json != null) {
      report.writeJson(json);
    }
    return nothingFound ? 0 : FOUND_SOMETHING;
  }
}
