package io.zonecast.app.command;

import io.zonecast.app.settings.Problems;
import io.zonecast.ingest.publish.AllowedZones;
import io.zonecast.ingest.publish.ExpectedRow;
import io.zonecast.ingest.publish.RowRules;
import io.zonecast.ingest.source.ZoneFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a team asks of rows; usually set in the settings file, so that it is in one place. */
final class RuleOptions {
  private static final String NONE = "none";

  @Option(
      names = "--expect",
      paramLabel = "CSV",
      description = "Rows that must hold afterwards (none).",
      order = 18)
  private @Nullable String expect;

  @Option(
      names = "--zones",
      paramLabel = "RULES",
      description = "Zones by carrier: usps=1-9,A;ups=2-8 (any).",
      order = 18)
  private @Nullable String zones;

  /**
   * What the options say; to be used only if {@code problems} stays empty.
   *
   * @param today the UTC date, or {@link LocalDate#MAX} where no row is early
   * @throws ZoneFileException if the rows cannot be read
   */
  RowRules check(Problems problems, LocalDate today) throws ZoneFileException {
    String given = zones;
    AllowedZones allowed =
        given == null || given.equals(NONE)
            ? AllowedZones.ANY
            : problems.attempt(() -> AllowedZones.parse(given), AllowedZones.ANY);
    List<ExpectedRow> expected =
        expect == null || expect.equals(NONE) ? List.of() : ExpectedRow.read(Path.of(expect));
    return new RowRules(allowed, expected, today);
  }
}
