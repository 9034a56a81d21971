package io.zonecast.ingest.source;

import java.util.Optional;

/**
 * What the user says about a file.
 *
 * @param format the format; empty to find out by looking
 * @param carrier the carrier of every row, where the file has no column that says so; in place of
 *     {@code usps} for a matrix
 * @param delta whether the file lists changes, with an {@code op} column ({@code upsert}, {@code
 *     delete}), instead of a whole table
 */
public record FileOptions(Optional<FileFormat> format, Optional<String> carrier, boolean delta) {
  /** Everything by looking; a whole table. */
  public static final FileOptions NONE = new FileOptions(Optional.empty(), Optional.empty(), false);
}
