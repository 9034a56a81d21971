package io.zonecast.ingest.source;

import static java.util.Objects.requireNonNull;

/**
 * Why one row of a file was rejected.
 *
 * @param file the file's name, where several are read together; otherwise ""
 * @param line the line of the file on which the row begins, from 1
 * @param column the name of the CSV column, or the 1-based character position in a matrix line
 * @param value what stands there, quoted, printable and cut ({@link
 *     io.zonecast.schemas.ZoneText#quote})
 * @param reason what is wrong with it and what would be right
 */
public record RowProblem(String file, long line, String column, String value, String reason) {
  /** A problem of the only file. */
  public RowProblem(long line, String column, String value, String reason) {
    this("", line, column, value, reason);
  }

  public RowProblem {
    requireNonNull(file, "file");
    requireNonNull(column, "column");
    requireNonNull(value, "value");
    requireNonNull(reason, "reason");
  }

  /** The same problem, of a file among several. */
  public RowProblem in(String name) {
    return new RowProblem(name, line, column, value, reason);
  }

  @Override
  public String toString() {
    return (file.isEmpty() ? "" : file + " ")
        + "line "
        + line
        + ", column "
        + column
        + ": "
        + value
        + " "
        + reason;
  }
}
