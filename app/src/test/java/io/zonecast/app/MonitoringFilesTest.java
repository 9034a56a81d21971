package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonecast.sink.lag.NodeState;
import io.zonecast.sink.lag.PartitionState;
import io.zonecast.sink.lag.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alert rules, against the metrics that there are. */
class MonitoringFilesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path RULES = DOCS.resolve("prometheus");

  /** A panel higher than this would be below the screen. */
  private static final int SCREEN_ROWS = 20;

  private static final Pattern METRIC =
      Pattern.compile("\\b(zonecast|memcached|kafka|jvm|process|system)_[a-z_]+\\b");

  @TempDir private Path directory;

  @Test
  void everyMetricOfTheDashboardExists() throws IOException {
    assertThat(metricsIn(String.join("\n", expressions())))
        .hasSizeGreaterThan(10)
        .isSubsetOf(documentedMetrics());
  }

  @Test
  void everyMetricOfTheAlertsExists() throws IOException {
    assertThat(metricsIn(expressionsOf(read(RULES.resolve("alerts.yml")))))
        .hasSizeGreaterThan(5)
        .isSubsetOf(documentedMetrics());
  }

  @Test
  void theDashboardIsOneScreen() throws IOException {
    JsonNode dashboard = dashboard();

    assertThat(dashboard.get("title").asText()).isEqualTo("Zonecast");
    assertThat(dashboard.get("panels"))
        .extracting(panel -> panel.get("title").asText())
        .contains("Verdict", "Behind", "Fill", "Evictions", "Nodes")
        .doesNotHaveDuplicates();
    assertThat(dashboard.get("panels"))
        .allSatisfy(
            panel -> {
              JsonNode at = panel.get("gridPos");
              assertThat(at.get("y").asInt() + at.get("h").asInt())
                  .isLessThanOrEqualTo(SCREEN_ROWS);
              assertThat(at.get("x").asInt() + at.get("w").asInt()).isLessThanOrEqualTo(24);
              assertThat(panel.get("description").asText()).isNotEmpty();
              assertThat(panel.get("targets")).isNotEmpty();
            });
  }

  @Test
  void prometheusCanReadWhatTheDashboardAsks() throws Exception {
    Promtool promtool = promtool();
    StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
    int number = 0;
    for (String expression : expressions()) {
      rules
          .append("      - record: panel:target_")
          .append(number++)
          .append("\n        expr: '")
          .append(expression.replace("$__rate_interval", "5m").replace("'", "''"))
          .append("'\n");
    }
    Files.writeString(directory.resolve("dashboard.yml"), rules);

    Promtool.Said said = promtool.run(directory, "check", "rules", "dashboard.yml");

    assertThat(said.exitCode()).as(said.text()).isZero();
    assertThat(said.text()).contains(number + " rules found");
  }

  @Test
  void everyAlertFiresInItsTestAndStaysSilentInItsOpposite() throws Exception {
    Promtool promtool = promtool();

    Promtool.Said said = promtool.run(RULES, "test", "rules", "alerts-test.yml");

    assertThat(said.exitCode()).as(said.text()).isZero();
    assertThat(said.text()).contains("SUCCESS");
  }

  @Test
  void noAlertIsWithoutItsTestAndItsOpposite() throws IOException {
    String tests = read(RULES.resolve("alerts-test.yml"));

    assertThat(alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              String asked = "alertname: " + alert + "\\n +exp_alerts:";
              assertThat(tests).as("it fires").containsPattern(asked + "\\n");
              assertThat(tests).as("it stays silent").containsPattern(asked + " \\[\\]");
            });
  }

  @Test
  void everyAlertsRunbookIsASection() throws IOException {
    String rules = read(RULES.resolve("alerts.yml"));
    Set<String> sections =
        Pattern.compile("(?m)^#+ (.+)$")
            .matcher(read(DOCS.resolve("operations.md")))
            .results()
            .map(heading -> anchor(heading.group(1)))
            .collect(Collectors.toCollection(TreeSet::new));

    List<String> runbooks =
        Pattern.compile("runbook: \"docs/operations\\.md#([^\"]+)\"")
            .matcher(rules)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(runbooks).hasSameSizeAs(alerts());
    assertThat(sections).containsAll(runbooks);
  }

  @Test
  void theGuideHasEveryVerdictAndState() throws IOException {
    String guide = read(DOCS.resolve("operations.md"));

    for (Verdict verdict : Verdict.values()) {
      assertThat(guide).contains("`" + verdict.words());
    }
    for (NodeState state : NodeState.values()) {
      assertThat(guide).contains("`" + state.words() + "`");
    }
    for (PartitionState state : PartitionState.values()) {
      assertThat(guide).contains("`" + state.words());
    }
  }

  @Test
  void theExampleConfigurationIsOne() throws Exception {
    Promtool promtool = promtool();

    Promtool.Said said = promtool.run(RULES, "check", "config", "prometheus.yml");

    assertThat(said.exitCode()).as(said.text()).isZero();
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }

  private static Promtool promtool() {
    Optional<Promtool> found = Promtool.find();
    assumeTrue(found.isPresent(), Promtool.MISSING);
    return found.orElseThrow();
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(DOCS.resolve("grafana/zonecast.json").toFile());
  }

  /** What the panels ask. */
  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (JsonNode panel : dashboard().get("panels")) {
      for (JsonNode target : panel.get("targets")) {
        expressions.add(target.get("expr").asText());
      }
    }
    return expressions;
  }

  private static List<String> alerts() throws IOException {
    return Pattern.compile("- alert: (\\w+)")
        .matcher(read(RULES.resolve("alerts.yml")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** The lines of expressions, of which one may go over several. */
  private static String expressionsOf(String rules) {
    Matcher found = Pattern.compile("(?s)expr: (.*?)\\n        (?:for|labels):").matcher(rules);
    return found.results().map(match -> match.group(1)).collect(Collectors.joining("\n"));
  }

  /** Without what a histogram's series have behind its name. */
  private static Set<String> metricsIn(String expressions) {
    return METRIC
        .matcher(expressions)
        .results()
        .map(MatchResult::group)
        .map(name -> name.replaceFirst("_(bucket|sum|count)$", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of docs/metrics.md, which another test compares with what a sink serves. */
  private static Set<String> documentedMetrics() throws IOException {
    return Pattern.compile("(?m)^\\| `([a-z_]+)` \\|")
        .matcher(read(DOCS.resolve("metrics.md")))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
