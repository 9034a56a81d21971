package io.zonecast.ingest.source;

import java.util.Locale;

/**
 * The formats of zone files, by the names that {@code --format} takes. A new format is a constant
 * here, a {@link RowReader}, its cases in {@link ZoneFile}, and a word in the help of {@code
 * --format} (in the commands' options).
 */
public enum FileFormat {
  /** A header line naming the columns, then a row a line (RFC 4180). */
  CSV,
  /** The National Zone Charts Matrix of the USPS. */
  USPS_MATRIX;

  /** The name as the command line writes it: {@code csv}, {@code usps-matrix}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
