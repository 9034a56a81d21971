package io.zonecast.ingest.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds small files in the layout of the USPS matrix. */
final class Matrix {
  private final List<String> lines = new ArrayList<>();
  private String lineEnd = "\r\n";

  Matrix() {
    lines.add("04012024" + " ".repeat(1993));
  }

  /** Adds an origin's line on which only these cells are in use: {@code "010", "2e"}. */
  Matrix origin(String origin, String... destinationsAndCells) {
    char[] cells = "0 ".repeat(999).toCharArray();
    for (int i = 0; i < destinationsAndCells.length; i += 2) {
      int at = (Integer.parseInt(destinationsAndCells[i]) - 1) * 2;
      cells[at] = destinationsAndCells[i + 1].charAt(0);
      cells[at + 1] = destinationsAndCells[i + 1].charAt(1);
    }
    return line(origin + new String(cells));
  }

  /** Adds an origin's line on which all cells are the same. */
  Matrix origin(String origin, String everyCell) {
    return line(origin + everyCell.repeat(999));
  }

  Matrix line(String line) {
    lines.add(line);
    return this;
  }

  Matrix withoutCarriageReturns() {
    lineEnd = "\n";
    return this;
  }

  byte[] bytes() {
    return (String.join(lineEnd, lines) + lineEnd).getBytes(StandardCharsets.ISO_8859_1);
  }

  byte[] bytesWithoutLastLineEnd() {
    byte[] all = bytes();
    return Arrays.copyOf(all, all.length - lineEnd.length());
  }
}
