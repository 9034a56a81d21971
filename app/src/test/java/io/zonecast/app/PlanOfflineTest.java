package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plan --offline} says of files where there is no broker. */
class PlanOfflineTest {
  @TempDir private Path directory;

  @Test
  void contentsOfAllFilesAreShown() throws Exception {
    String chart = file("chart.csv", "carrier;origin;destination;zone\nusps;005;010-012;4\n");
    String zips = file("zips.csv", "carrier,origin,destination,zone\nusps,005,90210,A\n");

    Ran ran = Ran.zonecast("plan", "--offline", chart, zips);

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            chart.csv: csv, separator ";"
            zips.csv: csv, separator ","
            4 rows: 4 added, 0 changed, 0 removed, 0 unchanged
            carrier usps: 4 rows
              codes: 999 (4), 99999 (1)
              zones: 4 (3), A (1)
            """);
    assertThat(ran.err()).contains("ranges: 1 line became 3 rows");
  }

  @Test
  void badRowsAndRefusalsAreTheAnswerNo() throws Exception {
    String table = file("zones.csv", "carrier,origin,destination,zone\nusps,005,010,NaN\n");

    Ran ran = Ran.zonecast("plan", "--offline", table, "--json");

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.json().at("/refusals/0/guard").asText()).isEqualTo("BAD_ROWS");
    assertThat(ran.json().at("/problems/0/line").asInt()).isEqualTo(2);
    assertThat(ran.err()).contains("line 2, column zone: \"NaN\" stands for nothing");
  }

  @Test
  void listOfChangesNeedsATopic() throws Exception {
    String table = file("zones.csv", "carrier,origin,destination,zone\nusps,005,010,1\n");

    Ran ran = Ran.zonecast("plan", "--offline", table, "--list", "changes.csv");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("leave out --offline");
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text).toString();
  }
}
