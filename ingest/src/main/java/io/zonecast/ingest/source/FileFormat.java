package io.zonecast.ingest.source;

import java.util.Locale;

/**
 * The formats of zone files, by the names that {@code --format} takes. A new format is a constant
 * here, a {@link RowSource}, its cases in {@link ZoneFile}, and a word in the help of {@code
 * --format} (in the commands' options).
 */
public enum FileFormat {
  /** A header line naming the columns, then a row a line (RFC 4180). */
  CSV,
  /** The National Zone Charts Matrix of the USPS. */
  USPS_MATRIX,
  /** UPS's chart of one origin, saved as CSV. */
  UPS_CHART,
  /** The answer of the USPS zone chart service for one origin, as JSON. */
  USPS_ZONES;

  /**
   * Whether a file says nothing of other origins than its own ({@link ZoneFile#origin}), and so
   * covers its carriers' rows of that origin only.
   */
  public boolean ofOneOrigin() {
    return this == UPS_CHART || this == USPS_ZONES;
  }

  /** Whether a row's flag says that some five-digit destinations in its own have other zones. */
  public boolean saysExceptions(byte flag) {
    return this == USPS_MATRIX && (flag == 'e' || flag == 'b');
  }

  /** The name as the command line writes it: {@code csv}, {@code usps-matrix}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
