package io.zonecast.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one benchmark found: a table for people, a document for programs. */
public final class Report {
  private final String benchmark;
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Result> results = new ArrayList<>();
  private final List<Grid> grids = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * One figure that a benchmark exists to find, with what was asked of it.
   *
   * @param atLeast true where the figure must not be below {@code limit}, false where not above it
   */
  private record Finding(String name, double value, boolean atLeast, double limit) {
    boolean met() {
      return atLeast ? value >= limit : value <= limit;
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

  /** Adds an empty table under a name, to be filled. */
  public Grid grid(String name, String... columns) {
    Grid grid = new Grid(name, columns);
    grids.add(grid);
    return grid;
  }

  /** Adds a figure that must not be below a limit. */
  public void atLeast(String name, double value, double limit) {
    findings.add(new Finding(name, value, true, limit));
  }

  /** Adds a figure that must not be above a limit. */
  public void atMost(String name, double value, double limit) {
    findings.add(new Finding(name, value, false, limit));
  }

  public String table() {
    StringBuilder table = new StringBuilder();
    table.append("%s on %s%n%s%n%n".formatted(benchmark, Machine.thisOne(), settings));
    if (!results.isEmpty()) {
      appendResults(table);
    }
    for (Grid grid : grids) {
      table.append(grid.lines()).append("%n".formatted());
    }
    for (Finding finding : findings) {
      table.append(
          "%-46s %12s   %s %s: %s%n"
              .formatted(
                  finding.name(),
                  figure(finding.value()),
                  finding.atLeast() ? "at least" : "at most",
                  figure(finding.limit()),
                  finding.met() ? "met" : "NOT MET"));
    }
    return table.toString();
  }

  private void appendResults(StringBuilder table) {
    table.append(
        "%-46s %12s %14s %27s%n".formatted("", "seconds", "a second", "slowest - fastest"));
    for (Result result : results) {
      table.append(
          "%-46s %12.3f %,14.0f %,13.0f - %,11.0f%s%n"
              .formatted(
                  result.name(),
                  result.seconds(),
                  result.median().rate(),
                  result.slowestRate(),
                  result.fastestRate(),
                  result.extrapolatedTo() == 0
                      ? ""
                      : "  (extrapolated from %,d)".formatted(result.median().entries())));
    }
    table.append("%n".formatted());
  }

  /** A count without decimals, anything else with three. */
  private static String figure(double value) {
    return value == Math.rint(value) ? "%,.0f".formatted(value) : "%.3f".formatted(value);
  }

  public void writeJson(Path file) throws IOException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("benchmark", benchmark);
    document.put("machine", Machine.thisOne());
    document.put("settings", settings);
    document.put("results", results.stream().map(Report::asMap).toList());
    grids.forEach(grid -> document.put(grid.name(), grid.asMaps()));
    document.put("findings", findings.stream().map(Report::asMap).toList());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document);
  }

  private static Map<String, Object> asMap(Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", result.name());
    map.put("seconds", result.seconds());
    map.put("perSecond", result.median().rate());
    map.put("entries", result.median().entries());
    map.put("extrapolatedTo", result.extrapolatedTo());
    map.put("runs", result.runs().stream().map(Measurement::seconds).toList());
    return map;
  }

  private static Map<String, Object> asMap(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", finding.name());
    map.put("value", finding.value());
    map.put(finding.atLeast() ? "atLeast" : "atMost", finding.limit());
    map.put("met", finding.met());
    return map;
  }
}
