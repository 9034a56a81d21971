package io.zonecast.ingest.publish;

import io.zonecast.ingest.source.RowChunk;
import java.time.LocalDate;
import java.util.List;

/**
 * What a team asks of rows beside the format.
 *
 * @param zones those that carriers may have
 * @param expected rows that must hold after a publish
 * @param today the UTC date; rows that take effect later are early
 */
public record RowRules(AllowedZones zones, List<ExpectedRow> expected, LocalDate today) {
  /** Nothing is asked. */
  public static final RowRules NONE = new RowRules(AllowedZones.ANY, List.of(), LocalDate.MAX);

  public RowRules {
    expected = List.copyOf(expected);
  }

  /** Whether a row takes effect later than today. */
  boolean isEarly(int epochDay) {
    return epochDay != RowChunk.UNDATED && epochDay > today.toEpochDay();
  }
}
