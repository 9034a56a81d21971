package io.zonecast.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What one benchmark found: a table for people, a document for programs. */
public final class Report {
  private final String benchmark;
  private final Machine machine = Machine.thisOne();
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Result> results = new ArrayList<>();
  private final List<Grid> grids = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /** What the figures were taken on. */
  private record Machine(String processor, int cores, String os, String java) {

    static Machine thisOne() {
      return new Machine(
          processorModel(),
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("os.name") + " " + System.getProperty("os.version"),
          System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    }

    private static String processorModel() {
      try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
      } catch (IOException notLinux) {
        return System.getProperty("os.arch");
      }
    }
  }

  /**
   * One figure that a benchmark exists to find, with its target.
   *
   * @param target {@code atLeast} or {@code atMost}: how the figure must stand to the limit
   */
  private record Finding(String name, double value, String target, double limit) {
    boolean met() {
      return target.equals("atLeast") ? value >= limit : value <= limit;
    }

    String line() {
      return "%-46s %12s   %s %s: %s%n"
          .formatted(
              name,
              figure(value),
              target.equals("atLeast") ? "at least" : "at most",
              figure(limit),
              met() ? "met" : "NOT MET");
    }

    /** A count without decimals, anything else with three. */
    private static String figure(double value) {
      return value == Math.rint(value) ? "%,.0f".formatted(value) : "%.3f".formatted(value);
    }

    Map<String, Object> asMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", name);
      map.put("value", value);
      map.put(target, limit);
      map.put("met", met());
      return map;
    }
  }

  /** A table of named rows, for figures that come from no contest. */
  public static final class Grid {
    private final String name;
    private final List<String> columns;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    private Grid(String name, String... columns) {
      this.name = name;
      this.columns = List.of(columns);
    }

    /** Adds a row: its name, and a number or a text for each column. */
    public void row(String rowName, Object... values) {
      if (values.length != columns.size()) {
        throw new IllegalArgumentException(
            "%s: %d values for the columns %s".formatted(rowName, values.length, columns));
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", rowName);
      for (int i = 0; i < values.length; i++) {
        row.put(columns.get(i), values[i]);
      }
      rows.add(row);
    }

    private void appendTo(StringBuilder table) {
      table.append(" ".repeat(46));
      columns.forEach(column -> table.append(" %11s".formatted(column)));
      for (Map<String, Object> row : rows) {
        table.append("%n%-45s ".formatted(row.get("name")));
        row.values().stream()
            .skip(1)
            .forEach(value -> table.append(" %11s".formatted(text(value))));
      }
      table.append("%n%n".formatted());
    }

    private static String text(Object value) {
      if (value instanceof Double number) {
        return "%,.2f".formatted(number);
      }
      return value instanceof Number number ? "%,d".formatted(number) : value.toString();
    }
  }

  public Report(String benchmark) {
    this.benchmark = benchmark;
  }

  /** Says what the benchmark is run with; settings are shown in this order. */
  public Report with(String setting, Object value) {
    settings.put(setting, value);
    return this;
  }

  /** Prints progress, a line at a time. */
  public void say(String line) {
    System.err.println(line);
  }

  void add(List<Result> more) {
    results.addAll(more);
  }

  /**
   * Adds an empty table.
   *
   * @param name the key of its rows in the document
   * @param columns the names of the values in each row
   */
  public Grid grid(String name, String... columns) {
    Grid grid = new Grid(name, columns);
    grids.add(grid);
    return grid;
  }

  /** Adds a figure that must not be below a limit. */
  public void atLeast(String name, double value, double limit) {
    findings.add(new Finding(name, value, "atLeast", limit));
  }

  /** Adds a figure that must not be above a limit. */
  public void atMost(String name, double value, double limit) {
    findings.add(new Finding(name, value, "atMost", limit));
  }

  String table() {
    StringBuilder table = new StringBuilder();
    table.append("%s on %s%n%s%n%n".formatted(benchmark, machine, settings));
    if (!results.isEmpty()) {
      table.append(
          "%-46s %12s %14s %27s%n".formatted("", "seconds", "a second", "slowest - fastest"));
      results.forEach(result -> table.append(result.line()));
      table.append("%n".formatted());
    }
    grids.forEach(grid -> grid.appendTo(table));
    findings.forEach(finding -> table.append(finding.line()));
    return table.toString();
  }

  void writeJson(Path file) throws IOException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("benchmark", benchmark);
    document.put("machine", machine);
    document.put("settings", settings);
    document.put("results", results.stream().map(Result::asMap).toList());
    grids.forEach(grid -> document.put(grid.name, grid.rows));
    document.put("findings", findings.stream().map(Finding::asMap).toList());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document);
  }
}
