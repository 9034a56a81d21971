package io.zonecast.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private final Report report = new Report("heal").with("rows", 10);

  @BeforeEach
  void fillIt() {
    Report.Grid grid = report.grid("healing", "full, ms", "seen");
    grid.row("killed", 1_234L, "-");
    report.atMost("killed: full, s", 1.234, 5);
    report.atMost("killed: differences", 2, 0);
  }

  @Test
  void aGridsRowsAreReadableByPeople() {
    assertThat(report.table().lines())
        .anySatisfy(line -> assertThat(line.trim()).matches("full, ms +seen"))
        .anySatisfy(line -> assertThat(line).matches("killed +1,234 +-"));
  }

  @Test
  void whatWasAskedStandsBesideWhatWasMeasured() {
    assertThat(report.table().lines())
        .anySatisfy(line -> assertThat(line).matches("killed: full, s +1\\.234 +at most 5: met"))
        .anySatisfy(line -> assertThat(line).matches("killed: differences +2 +at most 0: NOT MET"));
  }

  @Test
  void aGridsRowsAreReadableByPrograms(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("report.json");

    report.writeJson(file);

    JsonNode row = new ObjectMapper().readTree(file.toFile()).path("healing").path(0);
    assertThat(row.path("name").asText()).isEqualTo("killed");
    assertThat(row.path("full, ms").asLong()).isEqualTo(1_234);
  }

  @Test
  void aRowThatDoesNotFitItsColumnsIsRefused() {
    Report.Grid grid = report.grid("healing", "full, ms", "seen");

    assertThatThrownBy(() -> grid.row("killed", 1))
        .hasMessage("killed: 1 values for the columns [full, ms, seen]");
  }
}
