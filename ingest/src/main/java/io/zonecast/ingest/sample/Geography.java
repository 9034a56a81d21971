package io.zonecast.ingest.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Three-digit ZIP prefixes and the miles between them, in the order of the prefixes. */
final class Geography {
  private static final String CENTROIDS = "zip3-centroids.csv";
  private static final double EARTH_RADIUS_MILES = 3958.8;
  private static final int PREFIX_LENGTH = 3;

  private final byte[][] prefixes;
  private final short[] miles;

  private Geography(byte[][] prefixes, short[] miles) {
    this.prefixes = prefixes;
    this.miles = miles;
  }

  /** Reads the positions from the jar and works the distances out: half a million, twice. */
  static Geography load() {
    List<String[]> places = centroids();
    int count = places.size();
    byte[][] prefixes = new byte[count][];
    double[] x = new double[count];
    double[] y = new double[count];
    double[] z = new double[count];
    for (int i = 0; i < count; i++) {
      String[] place = places.get(i);
      prefixes[i] = place[0].getBytes(StandardCharsets.US_ASCII);
      if (prefixes[i].length != PREFIX_LENGTH) {
        throw new IllegalStateException(CENTROIDS + ": \"" + place[0] + "\" has not three digits");
      }
      double latitude = Math.toRadians(Double.parseDouble(place[1]));
      double longitude = Math.toRadians(Double.parseDouble(place[2]));
      x[i] = Math.cos(latitude) * Math.cos(longitude);
      y[i] = Math.cos(latitude) * Math.sin(longitude);
      z[i] = Math.sin(latitude);
    }
    short[] miles = new short[count * count];
    for (int a = 0; a < count; a++) {
      for (int b = a + 1; b < count; b++) {
        // Rounding can carry the product of a place with itself, or nearly, beyond 1.
        double cosine = Math.min(1, x[a] * x[b] + y[a] * y[b] + z[a] * z[b]);
        // Rounded up, so that "up to 50 miles" stays a comparison of whole numbers.
        short distance = (short) Math.ceil(EARTH_RADIUS_MILES * Math.acos(cosine));
        miles[a * count + b] = distance;
        miles[b * count + a] = distance;
      }
    }
    return new Geography(prefixes, miles);
  }

  int places() {
    return prefixes.length;
  }

  /** The prefix of a place: three digits. Not to be written to. */
  byte[] prefix(int place) {
    return prefixes[place];
  }

  /** Great-circle statute miles, rounded up. */
  int miles(int from, int to) {
    return miles[from * prefixes.length + to];
  }

  private static List<String[]> centroids() {
    InputStream csv = Geography.class.getResourceAsStream(CENTROIDS);
    if (csv == null) {
      throw new IllegalStateException(CENTROIDS + " is missing from the class path");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(csv, StandardCharsets.US_ASCII))) {
      return lines.lines().skip(1).map(line -> line.split(",", -1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(CENTROIDS + " cannot be read", e);
    }
  }
}
