package io.zonecast.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code /metrics} of a running sink says, beside what the page and Prometheus say of it. */
class MetricsIT {
  private static final int ROWS = 500;

  private static Stage stage;
  private static MonitoredSink sink;

  @BeforeAll
  static void start() {
    stage = new Stage(2, 2);
    stage.topic().setMany(ROWS, "2");
    sink = MonitoredSink.start(stage, stage.addresses());
    stage.awaitEqual(sink.running());
    stage.topic().set("usps:000:001", "7");
    stage.topic().raw("usps:000:002", TestTopic.ascii("no Avro"), 0);
    await()
        .atMost(Stage.SOON)
        .untilAsserted(
            () -> {
              assertThat(value("zonecast_verdict", "verdict=\"CAUGHT_UP\"")).isEqualTo(1);
              assertThat(value("zonecast_dead_letters_total", "")).isEqualTo(1);
            });
  }

  @AfterAll
  static void stop() {
    sink.close();
    stage.close();
  }

  @Test
  void thePageListsEveryMeterAsItIs() {
    List<String> rows = MetricsGuide.rows(scrape());
    if (Boolean.getBoolean("zonecast.write.guides")) {
      MetricsGuide.write(rows);
    }

    assertThat(MetricsGuide.documented())
        .as("docs/metrics.md; -Dzonecast.write.guides=true writes it")
        .isEqualTo(rows);
  }

  @Test
  void promtoolFindsNothingToSayAboutOurMeters() throws Exception {
    Optional<Path> promtool = promtool();
    assumeTrue(
        promtool.isPresent(),
        "there is no promtool on the PATH, nor is it named by ZONECAST_PROMTOOL; Debian's package"
            + " prometheus has it");
    Process check =
        new ProcessBuilder(promtool.get().toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (var to = check.getOutputStream()) {
      to.write(scrape().getBytes(StandardCharsets.UTF_8));
    }
    List<String> said =
        new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();

    // The stock binders' names are theirs, and dashboards know them.
    assertThat(said).filteredOn(line -> !line.matches("(kafka|jvm|process|system)_.*")).isEmpty();
    assertThat(check.waitFor()).isIn(0, 3);
  }

  private static Optional<Path> promtool() {
    String named = System.getenv("ZONECAST_PROMTOOL");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return Stream.of(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, "promtool"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Test
  void everyMeterHasAHelp() {
    assertThat(scrape().lines().filter(line -> line.startsWith("# HELP ")))
        .hasSizeGreaterThan(60)
        .allMatch(line -> line.matches("# HELP \\S+ \\S.*"));
  }

  @Test
  void theNodesOwnFiguresAreThoseThatTheyGive() throws IOException {
    String node = "node=\"" + stage.addresses().get(0) + "\"";

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(value("memcached_current_items", node))
                    .isEqualTo(stage.raw(0).entries("").size()));
    assertThat(value("memcached_up", node)).isEqualTo(1);
    assertThat(value("memcached_limit_bytes", node)).isEqualTo(256 << 20);
    assertThat(value("memcached_items_evicted_total", node)).isZero();
    assertThat(value("zonecast_node_state", node + ",state=\"IN_STEP\"")).isEqualTo(1);
    assertThat(value("zonecast_fill_progress_ratio", node)).isEqualTo(1);
  }

  @Test
  void aLiveRecordsDelayIsCounted() {
    assertThat(value("zonecast_delay_seconds_count", "")).isPositive();
    assertThat(value("zonecast_records_applied_total", "")).isPositive();
    assertThat(value("zonecast_records_polled_total", ""))
        .isGreaterThanOrEqualTo(value("zonecast_records_applied_total", ""));
  }

  @Test
  void fillsAreCountedByNode() {
    double written = 0;
    for (String address : stage.addresses()) {
      assertThat(value("zonecast_partitions_filled_total", "node=\"" + address + "\""))
          .isEqualTo(2);
      written += value("zonecast_entries_written_total", "node=\"" + address + "\"");
    }
    assertThat(written).isGreaterThanOrEqualTo(ROWS);
  }

  @Test
  void theClientsOwnMetersAreThere() {
    assertThat(scrape())
        .contains("kafka_consumer_fetch_manager_records_consumed_total{")
        .contains("client_id=\"" + stage.group() + "-replay\"");
  }

  @Test
  void thePartitionsOfTheGroupAreAllThere() {
    for (int partition = 0; partition < 2; partition++) {
      String label = "partition=\"" + partition + "\"";

      assertThat(value("zonecast_partition_behind_seconds", label)).isZero();
      assertThat(value("zonecast_partition_behind_records", label)).isZero();
    }
    assertThat(value("zonecast_behind_seconds", "")).isZero();
  }

  private static String scrape() {
    return sink.get("/metrics").body();
  }

  /** The value of the first sample of a name that has these labels. */
  private static double value(String name, String labels) {
    Matcher sample =
        Pattern.compile(
                "^" + name + "\\{[^}]*" + Pattern.quote(labels) + "[^}]*} (\\S+)$",
                Pattern.MULTILINE)
            .matcher(scrape());
    assertThat(sample.find()).as("%s{%s}", name, labels).isTrue();
    return Double.parseDouble(sample.group(1));
  }
}
