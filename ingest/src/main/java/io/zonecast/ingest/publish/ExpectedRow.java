package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.FileOptions;
import io.zonecast.ingest.source.FileSettingsException;
import io.zonecast.ingest.source.RangeNames;
import io.zonecast.ingest.source.RowChunk;
import io.zonecast.ingest.source.RowChunk.Kind;
import io.zonecast.ingest.source.RowReader;
import io.zonecast.ingest.source.ZoneFile;
import io.zonecast.ingest.source.ZoneFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A row that must hold after a publish.
 *
 * @param place where it stands, as {@code known.csv line 3}
 * @param key the pair's, as the record's
 * @param flags compared only where there are some
 */
public record ExpectedRow(String place, String key, String zone, String flags) {
  private static final int MOST_NAMED = 3;

  /**
   * Reads a file of such rows.
   *
   * @throws FileSettingsException if it has a bad row, or none
   * @throws ZoneFileException if it cannot be read
   */
  public static List<ExpectedRow> read(Path path) throws ZoneFileException {
    ZoneFile file = ZoneFile.open(path, FileOptions.NONE);
    List<ExpectedRow> expected = new ArrayList<>();
    RowChunk chunk = new RowChunk(1_000);
    try (RowReader reader = file.read(bytes -> {}, RangeNames.NONE)) {
      while (reader.read(chunk)) {
        for (int row = 0; row < chunk.size(); row++) {
          if (chunk.kind(row) == Kind.UPSERT) {
            expected.add(
                new ExpectedRow(
                    file.name() + " line " + chunk.line(row),
                    chunk.keyText(row),
                    chunk.zoneText(row),
                    chunk.flagsText(row)));
          }
        }
      }
      if (!reader.problems().isEmpty()) {
        throw new FileSettingsException(path, "--expect: " + reader.problems().get(0));
      }
    }
    if (expected.isEmpty()) {
      throw new FileSettingsException(
          path, "--expect: has no rows; add some, or set --expect none");
    }
    return expected;
  }

  /** What the pair would have instead, in words; empty if the row holds. */
  Optional<String> miss(Optional<Change.Value> would) {
    if (would.isPresent()
        && would.get().zone().equals(zone)
        && (flags.isEmpty() || would.get().flags().equals(flags))) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: %s would have %s, not %s"
            .formatted(
                place,
                key,
                would.map(Change.Value::toString).orElse("no zone"),
                new Change.Value(zone, flags)));
  }

  /** Refuses for rows that would not hold; empty if all would. */
  static Optional<Refusal> refusal(List<String> misses) {
    if (misses.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            Refusal.Guard.EXPECTATIONS,
            String.format(
                Locale.ROOT,
                "%,d of the rows that must hold would not: %s; correct the file or these rows, or"
                    + " set --expect none",
                misses.size(),
                String.join("; ", misses.subList(0, Math.min(MOST_NAMED, misses.size()))))));
  }
}
