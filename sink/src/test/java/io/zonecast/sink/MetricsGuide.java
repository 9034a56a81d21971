package io.zonecast.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of {@code docs/metrics.md}, and what a scrape says, in the same words. {@link
 * MetricsIT} writes it with {@code -Dzonecast.write.guides=true}.
 */
final class MetricsGuide {
  static final Path PAGE = Path.of("..", "docs", "metrics.md");

  private static final Pattern ROW =
      Pattern.compile(
          "\\| `(?<name>\\w+)` \\| (?<type>\\w+) \\| (?<labels>[^|]*) \\| (?<help>.*) \\|");
  private static final Pattern SAMPLE =
      Pattern.compile("(?<name>\\w+?)(_bucket|_count|_sum)?(\\{(?<labels>.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  private MetricsGuide() {}

  /** The rows of the page, in their order. */
  static List<String> documented() {
    try {
      return Files.readAllLines(PAGE).stream().filter(row -> ROW.matcher(row).matches()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the rows of the page. */
  static void write(List<String> rows) {
    try {
      String page = Files.readString(PAGE);
      Files.writeString(
          PAGE, page.substring(0, page.indexOf("| `")) + String.join("\n", rows) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row for each meter of ours in a scrape, by labels and name. */
  static List<String> rows(String scrape) {
    Map<String, String> types = new TreeMap<>();
    Map<String, String> helps = new TreeMap<>();
    Map<String, Set<String>> labels = new TreeMap<>();
    for (String line : scrape.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ")) {
        helps.put(words[2], words[3]);
      } else {
        learn(line, types, labels);
      }
    }
    List<String> rows = new ArrayList<>();
    types.forEach(
        (name, type) -> {
          if (name.startsWith("zonecast_") || name.startsWith("memcached_")) {
            rows.add(
                "| `%s` | %s | %s | %s |"
                    .formatted(
                        name,
                        type,
                        labels.getOrDefault(name, new TreeSet<>()).stream()
                            .map(label -> "`" + label + "`")
                            .collect(Collectors.joining(", ")),
                        helps.get(name)));
          }
        });
    rows.sort(Comparator.comparing(row -> row.split("\\|", 5)[3]));
    return rows;
  }

  private static void learn(
      String line, Map<String, String> types, Map<String, Set<String>> labels) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("not a sample: " + line);
    }
    String whole = line.split("[{ ]", 2)[0];
    String name = types.containsKey(whole) ? whole : sample.group("name");
    Set<String> its = labels.computeIfAbsent(name, n -> new TreeSet<>());
    Matcher label = LABEL.matcher(sample.group("labels") == null ? "" : sample.group("labels"));
    while (label.find()) {
      its.add(label.group(1));
    }
    its.remove("le");
  }
}
