package io.zonecast.ingest.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A zone table of any size, always the same: all ordered pairs of 930 three-digit ZIP prefixes, by
 * origin and destination, with zones by the distance between them. A smaller table is the beginning
 * of it; a larger one goes on with further carriers, whose zones end at other distances.
 *
 * <p>The rule is right for 94.6 % of the pairs of the USPS matrix of April 2024, and within one
 * zone for 98.2 %.
 */
public final class SampleTable {
  /** The rows of one carrier. */
  public static final long DEFAULT_ROWS = 864_900;

  /** The first carrier's name; the second one's is {@code sample2}. */
  public static final String CARRIER = "sample";

  private static final int[] ZONE_ENDS_MILES = {50, 150, 300, 600, 1000, 1400, 1800};
  private static final int BEYOND = ZONE_ENDS_MILES[ZONE_ENDS_MILES.length - 1];

  /** Guam and its neighbours, which have a zone of their own. */
  private static final byte[] FAR_PACIFIC = {'9', '6', '9'};

  private static final byte FAR_PACIFIC_ZONE = '9';
  private static final int MAX_MILES = 12_500;
  private static final int MAX_LINE_BYTES = 64;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final double GOLDEN_RATIO = 0.618033988749895;

  private final Geography geography = Geography.load();

  /** Writes the first {@code rows} rows as CSV, under a header; {@code out} stays open. */
  public void writeCsv(long rows, OutputStream out) throws IOException {
    if (rows < 0) {
      throw new IllegalArgumentException("--rows " + rows + ": must be 0 or more");
    }
    out.write("carrier,origin,destination,zone\n".getBytes(StandardCharsets.US_ASCII));
    long left = rows;
    for (int carrier = 1; left > 0; carrier++) {
      left -= writeCarrier(carrier, left, out);
    }
    out.flush();
  }

  private long writeCarrier(int carrier, long atMost, OutputStream out) throws IOException {
    byte[] name = (carrier == 1 ? CARRIER : CARRIER + carrier).getBytes(StandardCharsets.US_ASCII);
    byte[] zoneOfMiles = zonesByMiles(carrier);
    byte[] buffer = new byte[BUFFER_BYTES];
    int used = 0;
    long written = 0;
    int places = geography.places();
    for (int origin = 0; origin < places; origin++) {
      for (int destination = 0; destination < places && written < atMost; destination++) {
        if (used > BUFFER_BYTES - MAX_LINE_BYTES) {
          out.write(buffer, 0, used);
          used = 0;
        }
        used = append(name, buffer, used);
        buffer[used++] = ',';
        used = append(geography.prefix(origin), buffer, used);
        buffer[used++] = ',';
        used = append(geography.prefix(destination), buffer, used);
        buffer[used++] = ',';
        buffer[used++] = zone(origin, destination, zoneOfMiles);
        buffer[used++] = '\n';
        written++;
      }
    }
    out.write(buffer, 0, used);
    return written;
  }

  private byte zone(int origin, int destination, byte[] zoneOfMiles) {
    int miles = geography.miles(origin, destination);
    if (miles > BEYOND && (isFarPacific(origin) || isFarPacific(destination))) {
      return FAR_PACIFIC_ZONE;
    }
    return zoneOfMiles[miles];
  }

  private boolean isFarPacific(int place) {
    return Arrays.equals(geography.prefix(place), FAR_PACIFIC);
  }

  /** The rule of a carrier; the first one's is as it stands, others' are up to a fifth off. */
  private static byte[] zonesByMiles(int carrier) {
    double multiple = carrier * GOLDEN_RATIO;
    double scale = carrier == 1 ? 1 : 0.8 + 0.4 * (multiple - Math.floor(multiple));
    byte[] zones = new byte[MAX_MILES + 1];
    int zone = 0;
    for (int miles = 0; miles <= MAX_MILES; miles++) {
      while (zone < ZONE_ENDS_MILES.length && miles > ZONE_ENDS_MILES[zone] * scale) {
        zone++;
      }
      zones[miles] = (byte) ('1' + zone);
    }
    return zones;
  }

  private static int append(byte[] text, byte[] into, int at) {
    System.arraycopy(text, 0, into, at, text.length);
    return at + text.length;
  }
}
