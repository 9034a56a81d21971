package io.zonecast.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is promised of {@code docker-compose.yml}, by its text: no engine is needed. */
class ComposeFileTest {
  private static final Path ROOT = Path.of("..");

  private String file = "";

  @BeforeEach
  void readTheFile() throws IOException {
    file = read("docker-compose.yml");
  }

  @Test
  void everyPortIsPublishedOnTheLoopbackAddressOnly() {
    assertThat(found("(?m)^ +ports: (.*)$"))
        .hasSizeGreaterThan(6)
        .allSatisfy(
            ports -> assertThat(ports).matches("\\[\"127\\.0\\.0\\.1:\\$\\{\\w+:-\\d+}:\\d+\"]"));
  }

  @Test
  void everyImageOfOthersHasItsVersion() {
    assertThat(found("(?m)^ +image: (.*)$"))
        .contains("${ZONECAST_IMAGE:-zonecast}")
        .filteredOn(image -> !image.startsWith("${ZONECAST_IMAGE"))
        .hasSizeGreaterThan(4)
        .allSatisfy(image -> assertThat(image).matches(".*:v?\\d+\\.\\d[^:]*"));
  }

  @Test
  void whatIsMountedIsThere() {
    assertThat(found("(?m)^ +- \\./([^:]+):\\S+:ro$"))
        .hasSizeGreaterThan(2)
        .allSatisfy(mounted -> assertThat(ROOT.resolve(mounted)).exists());
  }

  @Test
  void prometheusAsksServicesThatThereAre() throws IOException {
    List<String> services = found("(?m)^  ([a-z0-9-]+):$");
    List<String> asked =
        found("(?m)^ +- ([a-z0-9-]+):\\d+", read("docs/prometheus/prometheus.yml"));

    assertThat(asked).containsExactly("sink-1", "sink-2", "stream");
    assertThat(services).containsAll(asked);
  }

  @Test
  void grafanaFindsItsDashboardAndPrometheus() throws IOException {
    String dashboards = read("docs/grafana/provisioning/dashboards/zonecast.yml");
    String sources = read("docs/grafana/provisioning/datasources/prometheus.yml");

    String directory = found("(?m)^ +path: (\\S+)$", dashboards).get(0);
    assertThat(file).contains("zonecast.json:" + directory + "/zonecast.json:ro");
    assertThat(file).contains("HOME_DASHBOARD_PATH: " + directory + "/zonecast.json");
    assertThat(sources).contains("url: http://prometheus:9090");
  }

  private List<String> found(String pattern) {
    return found(pattern, file);
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String read(String path) throws IOException {
    return Files.readString(ROOT.resolve(path));
  }
}
