package io.zonecast.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.bench.measure.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark in short: whether its figures can be, not how good they are. */
class StreamBenchmarkIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path directory;

  @Test
  void itsFiguresArePlausibleAndNothingIsLostOrTwice() throws Exception {
    assumeTrue(
        Files.exists(HOME.resolve("app/target/zonecast/built")),
        "app/target/zonecast is not built: mvn -pl app -am package");
    StreamOptions options = new StreamOptions();
    options.rows = 2_000;
    options.perSecond = 100;
    options.warmUpSeconds = 1;
    options.seconds = 2;
    options.atFullSpeed = 10_000;
    options.kills = 1;
    Report report = options.report();

    new StreamBenchmark(options, report).run();

    Path file = directory.resolve("report.json");
    report.writeJson(file);
    JsonNode found = new ObjectMapper().readTree(file.toFile());
    JsonNode delay = found.path("delays").path(0);
    assertThat(delay.path("updates").asLong()).isBetween(100L, 201L);
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
