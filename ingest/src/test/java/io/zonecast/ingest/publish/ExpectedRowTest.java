package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.ingest.source.FileSettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedRowTest {
  private static final String HEADER = "carrier,origin,destination,zone,flags\n";

  @TempDir Path directory;

  @Test
  void rowsAreReadAsThoseOfAZoneFile() throws Exception {
    assertThat(ExpectedRow.read(file(HEADER + "usps,005,006-007,4,*\nups,005,006,044,\n")))
        .containsExactly(
            new ExpectedRow("known.csv line 2", "usps:005:006", "4", "*"),
            new ExpectedRow("known.csv line 2", "usps:005:007", "4", "*"),
            new ExpectedRow("known.csv line 3", "ups:005:006", "044", ""));
  }

  @Test
  void badRowOfTheRulesIsNamed() throws Exception {
    Path bad = file(HEADER + "usps,005,006,4,\nusps,005,007,,\n");

    assertThatThrownBy(() -> ExpectedRow.read(bad))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("--expect: line 3, column zone");
  }

  @Test
  void rulesWithoutARowAreASlip() throws Exception {
    Path none = file(HEADER);

    assertThatThrownBy(() -> ExpectedRow.read(none))
        .isInstanceOf(FileSettingsException.class)
        .hasMessageContaining("--expect: has no rows");
  }

  @Test
  void flagsAreComparedOnlyWhereTheRowHasSome() {
    Optional<Change.Value> flagged = Optional.of(new Change.Value("4", "*"));

    assertThat(new ExpectedRow("", "usps:005:006", "4", "").miss(flagged)).isEmpty();
    assertThat(new ExpectedRow("", "usps:005:006", "4", "*").miss(flagged)).isEmpty();
    assertThat(new ExpectedRow("", "usps:005:006", "4", "1").miss(flagged)).isPresent();
    assertThat(new ExpectedRow("", "usps:005:006", "5", "").miss(flagged)).isPresent();
    assertThat(new ExpectedRow("", "usps:005:006", "4", "").miss(Optional.empty())).isPresent();
  }

  private Path file(String rows) throws Exception {
    return Files.writeString(directory.resolve("known.csv"), rows);
  }
}
