package io.zonecast.ingest.source;

import static java.util.Objects.requireNonNull;

/**
 * Why one row of a file was rejected.
 *
 * @param line the line of the file on which the row begins, from 1
 * @param column the name of the CSV column, or the 1-based character position in a matrix line
 * @param value what stands there, quoted, printable and cut ({@link
 *     io.zonecast.schemas.ZoneText#quote})
 * @param reason what is wrong with it and what would be right
 */
public record RowProblem(long line, String column, String value, String reason) {
  public RowProblem {
    requireNonNull(column, "column");
    requireNonNull(value, "value");
    requireNonNull(reason, "reason");
  }

  @Override
  public String toString() {
    return "line " + line + ", column " + column + ": " + value + " " + reason;
  }
}
