package io.zonecast.bench.stage;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A zone table of any size: 498,501 pairs of three-digit prefixes for each of as many carriers as
 * needed, sorted as a carrier's file is.
 *
 * @param rows how many rows
 */
public record BenchTable(int rows) {
  /** Pairs of 999 prefixes: what a loop of single sets loaded in 13 hours. */
  public static final int ROWS_OF_A_CARRIER = 999 * 998 / 2;

  /** As many as the real USPS matrix has. */
  public static final int ROWS_OF_THE_MATRIX = 866_761;

  private static final int PREFIXES = 999;
  private static final int ZONES = 9;

  /** What {@link #forEach} shows. */
  public interface RowVisitor<X extends Exception> {
    void row(int index, String carrier, String origin, String destination, String zone) throws X;
  }

  /** Shows every row, in order. */
  public <X extends Exception> void forEach(RowVisitor<X> visitor) throws X {
    String[] prefixes = prefixes();
    int index = 0;
    for (int carrier = 0; index < rows; carrier++) {
      String name = carrier == 0 ? "usps" : "c%03d".formatted(carrier);
      for (int origin = 1; origin < PREFIXES; origin++) {
        for (int destination = origin + 1; destination <= PREFIXES; destination++) {
          if (index == rows) {
            return;
          }
          String zone = Integer.toString(1 + (origin * 31 + destination) % ZONES);
          visitor.row(index, name, prefixes[origin], prefixes[destination], zone);
          index++;
        }
      }
    }
  }

  /** The record's key of a row, as {@code usps:005:010}. */
  public static String key(String carrier, String origin, String destination) {
    return carrier + ":" + origin + ":" + destination;
  }

  /** Every row's zone by its key, in order. */
  public Map<String, String> zones() {
    Map<String, String> zones = new LinkedHashMap<>();
    forEach(
        (index, carrier, origin, destination, zone) ->
            zones.put(key(carrier, origin, destination), zone));
    return zones;
  }

  /** Every row's key, in order. */
  public List<String> keys() {
    return List.copyOf(zones().keySet());
  }

  /**
   * Writes the table as a CSV file, with another zone in each {@code changedEvery}th row; 0: none.
   */
  public void writeCsv(Path file, int changedEvery) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("carrier,origin,destination,zone\n");
      forEach(
          (index, carrier, origin, destination, zone) -> {
            boolean changed = changedEvery > 0 && index % changedEvery == 0;
            out.write(carrier);
            out.write(',');
            out.write(origin);
            out.write(',');
            out.write(destination);
            out.write(',');
            out.write(changed ? "X" : zone);
            out.write('\n');
          });
    }
  }

  private static String[] prefixes() {
    String[] prefixes = new String[PREFIXES + 1];
    for (int i = 0; i <= PREFIXES; i++) {
      prefixes[i] = "%03d".formatted(i);
    }
    return prefixes;
  }
}
