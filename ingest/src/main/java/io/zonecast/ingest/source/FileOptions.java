package io.zonecast.ingest.source;

import java.util.Optional;

/**
 * What the user says about a file.
 *
 * @param format the format; empty to find out by looking
 * @param carrier the carrier of every row, where the file has no column that says so; in place of
 *     {@code usps} for a matrix; what stands before a service in a chart
 * @param delta whether the file lists changes, with an {@code op} column ({@code upsert}, {@code
 *     delete}), instead of a whole table
 * @param origin the origin of a chart that does not name it
 */
public record FileOptions(
    Optional<FileFormat> format,
    Optional<String> carrier,
    boolean delta,
    Optional<String> origin,
    CsvOptions csv,
    RowOptions rows) {
  /** Everything by looking; a whole table. */
  public static final FileOptions NONE = new FileOptions(Optional.empty(), Optional.empty(), false);

  /** As the rows stand in the file, under the names that the contract gives. */
  public FileOptions(Optional<FileFormat> format, Optional<String> carrier, boolean delta) {
    this(format, carrier, delta, Optional.empty(), CsvOptions.NONE, RowOptions.NONE);
  }
}
