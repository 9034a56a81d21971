package io.zonecast.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of its own in a report, for what is no contest: a name, columns, and rows of numbers and
 * texts, of which the first column names the row.
 */
public final class Grid {
  private static final int NAME_WIDTH = 46;
  private static final int COLUMN_WIDTH = 12;

  private final String name;
  private final List<String> columns;
  private final List<List<Object>> rows = new ArrayList<>();

  /**
   * Makes an empty table.
   *
   * @param name the key of its rows in the document
   * @param columns what each row says, its name left out
   */
  Grid(String name, String... columns) {
    this.name = name;
    this.columns = List.of(columns);
  }

  /** Adds a row: its name, and a value for each column. */
  public void row(String rowName, Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          "%s: %d values for the columns %s".formatted(rowName, values.length, columns));
    }
    List<Object> row = new ArrayList<>();
    row.add(rowName);
    row.addAll(List.of(values));
    rows.add(row);
  }

  String name() {
    return name;
  }

  /** The rows as the document has them: a map from column to value each. */
  List<Map<String, Object>> asMaps() {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> map = new LinkedHashMap<>();
              map.put("name", row.get(0));
              for (int i = 0; i < columns.size(); i++) {
                map.put(columns.get(i), row.get(i + 1));
              }
              return map;
            })
        .toList();
  }

  /** The lines that people read. */
  String lines() {
    StringBuilder lines = new StringBuilder();
    lines.append(padded("", NAME_WIDTH));
    columns.forEach(column -> lines.append(aligned(column)));
    lines.append(System.lineSeparator());
    for (List<Object> row : rows) {
      lines.append(padded(row.get(0).toString(), NAME_WIDTH));
      row.subList(1, row.size()).forEach(value -> lines.append(aligned(text(value))));
      lines.append(System.lineSeparator());
    }
    return lines.toString();
  }

  private static String text(Object value) {
    if (value instanceof Double number) {
      return "%,.2f".formatted(number);
    }
    return value instanceof Number number ? "%,d".formatted(number.longValue()) : value.toString();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String aligned(String text) {
    return " ".repeat(Math.max(1, COLUMN_WIDTH - text.length())) + text;
  }
}
