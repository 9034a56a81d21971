package io.zonecast.app.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of text under a heading, in columns as wide as they need to be. */
public final class Table {
  /** Which side of its column a cell keeps to: numbers to the right. */
  public enum Side {
    LEFT,
    RIGHT
  }

  private static final String GAP = "  ";
  private static final String UNKNOWN = "-";

  private final List<Side> sides = new ArrayList<>();
  private final List<String> heading = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  public Table column(String name, Side side) {
    heading.add(name);
    sides.add(side);
    return this;
  }

  /** Adds a row, a cell for each column; null is unknown and shown as {@code -}. */
  public void row(@Nullable String... cells) {
    if (cells.length != heading.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + heading.size());
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(cell == null ? UNKNOWN : cell);
    }
    rows.add(row);
  }

  public void print(PrintStream out) {
    int[] widths = new int[heading.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = heading.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    out.println(line(heading, widths));
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : GAP)
          .append(sides.get(column) == Side.LEFT ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing();
  }
}
