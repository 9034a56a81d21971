package io.zonecast.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark in short: whether its figures can be, not how good they are. */
class StreamBenchmarkIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path directory;

  @Test
  void itsFiguresArePlausibleAndNothingIsLostOrTwice() throws Exception {
    assumeTrue(
        Files.exists(HOME.resolve("app/target/zonecast/built")),
        "app/target/zonecast is not built: mvn -pl app -am package");
    Path file = directory.resolve("report.json");

    int exitCode =
        new CommandLine(new StreamBenchmark())
            .execute(
                ("--rows 2000 --updates-per-second 100 --warm-up 1 --seconds 2"
                        + " --at-full-speed 10000 --kills 1 --json "
                        + file)
                    .split(" ", -1));

    assertThat(exitCode).isZero();
    JsonNode found = new ObjectMapper().readTree(file.toFile());
    JsonNode delay = found.path("delays").path(0);
    // 100 a second for two seconds, and for as long as a busy machine ends them late.
    assertThat(delay.path("updates").asLong()).isBetween(100L, 300L);
    assertThat(delay.path("p50, ms").asDouble())
        .isGreaterThan(0)
        .isLessThanOrEqualTo(delay.path("p99, ms").asDouble());
    assertThat(delay.path("p99, ms").asDouble())
        .isLessThanOrEqualTo(delay.path("max, ms").asDouble());
    assertThat(found.path("rates"))
        .hasSize(2)
        .allMatch(rate -> rate.path("a second").asDouble() > 100);
    assertThat(found.path("rates").path(0).path("updates").asLong()).isEqualTo(10_000);
    assertThat(found.path("kills").path(0).path("differ").asLong()).isZero();
    assertThat(found.path("findings"))
        .filteredOn(finding -> finding.path("name").asText().contains("the topic"))
        .hasSize(3)
        .allMatch(finding -> finding.path("met").asBoolean());
  }
}
