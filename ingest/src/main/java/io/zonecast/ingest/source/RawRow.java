package io.zonecast.ingest.source;

import io.zonecast.schemas.ZoneText;
import io.zonecast.schemas.wire.Utf8Slice;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * One row as its format gives it, before {@link RowChecks} has looked at it. A flyweight that a
 * reader fills again for each row.
 */
final class RawRow {
  private final Map<Column, Utf8Slice> fields = new EnumMap<>(Column.class);
  private String zoneColumn = Column.ZONE.header();
  private long line;

  RawRow() {
    for (Column column : Column.values()) {
      fields.put(column, new Utf8Slice());
    }
  }

  /** The bytes of a field; null where the format has no such field. */
  Utf8Slice field(Column column) {
    return Objects.requireNonNull(fields.get(column));
  }

  /** The line of the file on which the row begins, from 1. */
  long line() {
    return line;
  }

  void line(long number) {
    line = number;
  }

  /** Under which name the file has the zone, where that is not {@code zone}. */
  void zoneColumn(String name) {
    zoneColumn = name;
  }

  RowProblem problem(Column column, String reason) {
    Utf8Slice field = field(column);
    return new RowProblem(
        line,
        column == Column.ZONE ? zoneColumn : column.header(),
        ZoneText.quote(field.array(), field.offset(), field.length()),
        reason);
  }
}
